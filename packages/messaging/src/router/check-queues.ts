// Whether queues can be worked on as they are written, before anything starts.
import type { MessageType } from '../contract/message-type.ts';

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
  for (const [index, { type }] of routes.entries()) {
    const other = routes.slice(0, index).find((earlier) => canBeSame(earlier.type, type));
    if (other === undefined) continue;
    throw new TypeError(
      `${queue}: ${other.type.name} (${other.type.subject.text}) and ${type.name} (${type.subject.text}) could take the same message`,
    );
  }
}

/** Whether one subject could be made from both templates. */
function canBeSame(one: MessageType, other: MessageType): boolean {
  const [left, right] = [one.subject.filter.split('.'), other.subject.filter.split('.')];
  if (left.length !== right.length) return false;
  return left.every((token, index) => token === right[index] || token === '*' || right[index] === '*');
}
