// What a plain request head asks for, when it asks for an event stream as an EventSource or curl would. Decides nothing
// that a client would have to be told: for that there is the route. (null)
import type { EventsRequest } from '../http/admission.ts';
import { eventsQuery } from '../http/events-query.ts';
import type { RequestHead } from './request-head.ts';

const ACCEPTED = new Set([undefined, 'text/event-stream', '*/*']);

/** Null for whatever is wrong or unusual. */
export function readStreamRequest({ target, headers }: RequestHead): EventsRequest | null {
  if (!ACCEPTED.has(headers.get('accept'))) return null;
  const search = target.slice(target.indexOf('?') + 1);
  if (!isDecodable(search)) return null;
  const parameters = new URLSearchParams(search);
  const { subject = [], ...once } = Object.groupBy(parameters, ([name]) => name);
  if (Object.values(once).some((given = []) => given.length > 1)) return null;
  const values = { ...Object.fromEntries(parameters), subject: subject.map(([, value]) => value) };
  const { success, data: query } = strictQuery.safeParse(values);
  return success ? { query, header: (name) => headers.get(name) } : null;
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
