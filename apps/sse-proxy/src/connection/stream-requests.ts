// What plain request heads ask for, when they ask for an event stream as an EventSource or curl would. Decides nothing
// that a client would have to be told: that is the route's to say.
import type { EventsRequest } from '../http/admission.ts';
import { eventsQuery, type EventsQuery } from '../http/events-query.ts';
import type { RequestHead } from './request-head.ts';

const ACCEPTED = new Set([undefined, 'text/event-stream', '*/*']);

/** Queries that were read lately: those who come as a crowd, after a restart, ask for the same. */
const KNOWN_MAX = 1_000;
const KNOWN_TARGET_LENGTH_MAX = 1_000;

export class StreamRequests {
  readonly #known = new Map<string, EventsQuery>();

  /** Null for whatever is wrong or unusual. */
  read({ target, headers }: RequestHead): EventsRequest | null {
    if (!ACCEPTED.has(headers.get('accept'))) return null;
    const query = this.#known.get(target) ?? readQuery(target);
    if (query === null) return null;
    if (query.ticket === undefined) this.#keep(target, query);
    return { query, header: (name) => headers.get(name) };
  }

  #keep(target: string, query: EventsQuery): void {
    if (target.length > KNOWN_TARGET_LENGTH_MAX) return;
    // All at once: to know which one was used last would cost every request something.
    if (this.#known.size >= KNOWN_MAX) this.#known.clear();
    this.#known.set(target, query);
  }
}

function readQuery(target: string): EventsQuery | null {
  const search = target.slice(target.indexOf('?') + 1);
  if (!isDecodable(search)) return null;
  const parameters = new URLSearchParams(search);
  const { subject = [], ...once } = Object.groupBy(parameters, ([name]) => name);
  if (Object.values(once).some((given = []) => given.length > 1)) return null;
  const values = { ...Object.fromEntries(parameters), subject: subject.map(([, value]) => value) };
  const { success, data: query } = strictQuery.safeParse(values);
  return success ? query : null;
}

const strictQuery = eventsQuery.strict();

function isDecodable(search: string): boolean {
  try {
    // NUL is what no filter and no cursor holds, and what the route refuses by name.
    return !decodeURIComponent(search).includes('\0');
  } catch {
    // URIError is the only failure, and the answer.
    return false;
  }
}
