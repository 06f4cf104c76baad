// How the headers of a message travel in those of another: a dead letter and a redriven message both carry the original's
// place, and a dead letter all of its headers, under names that no reader takes for its own.
import type { StoredMessage } from '../contract/decode.ts';
import type { Headers } from '../contract/metadata.ts';

const PREFIX = 'lw-original-';
/** Where it lay. A header of these names that the original had is not kept. */
const PLACE_NAMES = new Set(['stream', 'epoch', 'sequence', 'subject', 'stored-at'].map((name) => `${PREFIX}${name}`));

/** What the original carried. Names become lower case; what could not be sent is escaped. */
export function carriedHeaders({ headers }: StoredMessage): Headers {
  const carried = Object.entries(headers).map(([name, value]) => [
    `${PREFIX}${sendableName(name.toLowerCase())}`,
    sendableValue(value),
  ]);
  return Object.fromEntries(carried);
}

export function placeHeaders({
  stream,
  epoch,
  sequence,
  subject,
  storedAt,
}: Omit<StoredMessage, 'headers' | 'payload'>): Headers {
  return {
    'lw-original-stream': stream,
    'lw-original-epoch': String(epoch),
    'lw-original-sequence': String(sequence),
    'lw-original-subject': subject,
    'lw-original-stored-at': storedAt.toISOString(),
  };
}

/** What `carriedHeaders` made of the original's; a header without a name is left out. */
export function originalHeadersOf(headers: Headers): Headers {
  const carried = Object.entries(headers).filter(
    ([name]) => name.startsWith(PREFIX) && name !== PREFIX && !PLACE_NAMES.has(name),
  );
  return Object.fromEntries(carried.map(([name, value]) => [name.slice(PREFIX.length), value]));
}

// A stranger's header may be one that we could not send: then the letter would never be stored, and its key wait for ever.
const sendableName = (name: string): string => name.replace(/[^\x21-\x24\x26-\x39\x3B-\x7E]+/g, encodeURIComponent);
const sendableValue = (value: string): string => value.replace(/[\r\n]+/g, encodeURIComponent);
