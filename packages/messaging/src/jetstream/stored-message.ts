// A message as nats.js hands it over, as the plain value the rest of the package works with.
import type { Msg } from '@nats-io/nats-core';
import type { StoredMessage } from '../contract/decode.ts';
import type { Headers } from '../contract/metadata.ts';
import { parseDeliverySubject } from './delivery-subject.ts';
import { HeaderReader } from './header-reader.ts';

/** A message as a direct get answered it: the server's headers come after any of the same name that a publisher wrote. */
export function fromStored(stream: string, epoch: number, message: Msg, reader = new HeaderReader()): StoredMessage {
  const { headers, data: payload } = message;
  const said = (name: string): string => headers?.last(name) ?? '';
  return {
    stream,
    epoch,
    sequence: Number(said('Nats-Sequence')),
    storedAt: new Date(said('Nats-Time-Stamp')),
    subject: said('Nats-Subject'),
    headers: ownHeaders(reader, message),
    payload,
  };
}

/** A message as a consumer delivered it: where it lies is in its reply subject. */
export function fromDelivered(epoch: number, message: Msg, reader: HeaderReader): Delivered {
  const { stream, sequence, storedAt, deliveryCount, consumerSequence } = parseDeliverySubject(message.reply ?? '');
  const { subject, data: payload } = message;
  const stored = { stream, sequence, storedAt, epoch, subject, headers: ownHeaders(reader, message), payload };
  return { stored, deliveryCount, consumerSequence };
}

export type Delivered = {
  readonly stored: StoredMessage;
  readonly deliveryCount: number;
  readonly consumerSequence: number;
};

/** What the server adds when a message is read back: it says where the message lies, not what it is. */
const ADDED_BY_DIRECT_GET = new Set([
  'Nats-Stream',
  'Nats-Subject',
  'Nats-Sequence',
  'Nats-Time-Stamp',
  'Nats-Num-Pending',
  'Nats-Last-Sequence',
]);

/** However a message is read it has the same headers, so what the server adds is left out of those of a publisher, too. */
function ownHeaders(reader: HeaderReader, message: Msg): Headers {
  const headers = reader.read(message);
  for (const name in headers) if (ADDED_BY_DIRECT_GET.has(name)) return withoutAdded(headers);
  return headers;
}

function withoutAdded(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ADDED_BY_DIRECT_GET.has(name)));
}
