// Whether queues can be worked on as they are written, before anything starts.
import type { MessageType } from '../contract/message-type.ts';
import { overlapOf } from '../contract/overlapping-types.ts';

type Checked = {
  readonly stream: string;
  readonly consumer: string;
  readonly routes: readonly { readonly type: MessageType }[];
};

/** Throws TypeError for a queue that is there twice, one without a route, and routes that could take one message (S4). */
export function checkQueues(queues: readonly Checked[]): void {
  const names = queues.map(({ stream, consumer }) => `${stream}/${consumer}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new TypeError(`${twice} is there twice: put all of its routes into one queue`);
  for (const [index, { routes }] of queues.entries()) checkRoutes(names[index] ?? '', routes);
}

function checkRoutes(queue: string, routes: Checked['routes']): void {
  if (routes.length === 0) throw new TypeError(`${queue} has no route: each of its messages would be a dead letter`);
  const overlap = overlapOf(routes.map(({ type }) => type));
  if (overlap !== null) throw new TypeError(`${queue}: ${overlap}`);
}
