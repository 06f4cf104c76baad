// A message as nats.js hands it over, as the plain value the rest of the package works with.
import type { Msg, MsgHdrs } from '@nats-io/nats-core';
import type { StoredMessage } from '../contract/decode.ts';
import type { Headers } from '../contract/metadata.ts';
import { parseDeliverySubject } from './delivery-subject.ts';

/** A message as a direct get answered it: the server's headers come after any of the same name that a publisher wrote. */
export function fromStored(stream: string, epoch: number, { headers, data: payload }: Msg): StoredMessage {
  const said = (name: string): string => headers?.last(name) ?? '';
  return {
    stream,
    epoch,
    sequence: Number(said('Nats-Sequence')),
    storedAt: new Date(said('Nats-Time-Stamp')),
    subject: said('Nats-Subject'),
    headers: plainHeaders(headers),
    payload,
  };
}

/** A message as a consumer delivered it: where it lies is in its reply subject. */
export function fromDelivered(epoch: number, message: Msg): Delivered {
  const { deliveryCount, consumerSequence, ...position } = parseDeliverySubject(message.reply ?? '');
  const { subject, data: payload } = message;
  const stored = { ...position, epoch, subject, headers: plainHeaders(message.headers), payload };
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

function plainHeaders(headers: MsgHdrs | undefined): Headers {
  if (headers === undefined) return {};
  const plain: Record<string, string> = {};
  for (const [name, values] of headers) {
    if (!ADDED_BY_DIRECT_GET.has(name)) plain[name] = values[0] ?? '';
  }
  return plain;
}
