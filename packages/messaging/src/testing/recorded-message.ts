// The gate in front of incompatible contracts: messages that were recorded when their version was new have to be read by
// every later contract, and still say the same. Where recordings lie, and which test framework asks, is the caller's.
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { decodeMessage, type StoredMessage } from '../contract/decode.ts';
import type { EventType } from '../contract/message-type.ts';

const jsonPayload = z.looseObject({ version: z.int(), data: z.unknown().optional() });
/** Of a codec other than JSON: the whole payload, byte for byte. */
const binaryPayload = z.object({ version: z.int(), base64: z.base64() });

/** Messages of one version of one type: where they go, and a payload or more. A signal has no data. */
export const recordedMessage = z.object({
  subject: z.string(),
  key: z.string(),
  headers: z.record(z.string(), z.string()),
  payloads: z.array(z.union([binaryPayload, jsonPayload])).min(1),
});

export type RecordedMessage = z.infer<typeof recordedMessage>;
type RecordedPayload = RecordedMessage['payloads'][number];

/** A contract does not read any more what was sent. The message says what to do. */
export class IncompatibleContractError extends Error {
  override readonly name = 'IncompatibleContractError';
  readonly code = 'incompatible-contract';

  constructor(subject: string, version: number, reason: string) {
    super(
      `The message of version ${version} on ${subject} is not read as it was sent: ${reason}\n` +
        'Messages like it lie in streams and outboxes. Raise the version of its type and add an upcast from this one; ' +
        'if there is one, it is that which is wrong.',
    );
  }
}

/** Throws IncompatibleContractError when a message of `recorded` is refused, or has lost something on the way. */
export function readRecorded(types: readonly EventType<unknown>[], recorded: RecordedMessage): void {
  const { subject, key } = recorded;
  for (const payload of recorded.payloads) {
    const bytes = bytesOf(payload);
    const type = types.find((candidate) => candidate.subject.match(subject) !== null);
    const reading = decodeMessage(types, storedAs(recorded, bytes));
    if (!reading.ok) throw new IncompatibleContractError(subject, payload.version, reading.failure.reason);
    if (type === undefined || type.schema === undefined) continue;
    const again = type.of(reading.message.data);
    // A message of an older version says it in the words of the newer one, but of the same entity.
    const isUpcast = type.version !== payload.version;
    const said = isUpcast ? [subject, key] : [subject, key, comparable(dataOf(type, payload, bytes))];
    const says = isUpcast ? [again.subject, again.key] : [again.subject, again.key, comparable(again.wireData)];
    if (isDeepStrictEqual(says, said)) continue;
    const reason = `it said ${JSON.stringify(said)} and says ${JSON.stringify(says)}`;
    throw new IncompatibleContractError(subject, payload.version, reason);
  }
}

function bytesOf(payload: RecordedPayload): Uint8Array {
  if (isBinary(payload)) return new Uint8Array(Buffer.from(payload.base64, 'base64'));
  return new TextEncoder().encode(JSON.stringify(payload));
}

/** `data` as the payload carries it. */
function dataOf(type: EventType<unknown>, payload: RecordedPayload, bytes: Uint8Array): unknown {
  if (!isBinary(payload)) return payload.data;
  // The envelope has just been read: it is one.
  return (type.payload.decode(bytes) as { readonly data?: unknown }).data;
}

function isBinary(payload: RecordedPayload): payload is z.infer<typeof binaryPayload> {
  return typeof payload['base64'] === 'string' && !('data' in payload);
}

function comparable(carried: unknown): unknown {
  return carried instanceof Uint8Array ? Buffer.from(carried).toString('base64') : carried;
}

function storedAs({ subject, headers }: RecordedMessage, payload: Uint8Array): StoredMessage {
  return { stream: 'recorded', epoch: 0, sequence: 1, storedAt: new Date(0), subject, headers, payload };
}
