// The reply subject of a message that JetStream delivered: it says where the message lies and how often it was
// delivered, and what is published to it settles the delivery. The formats are those of JetStream's wire protocol:
// `$JS.ACK.<stream>.<consumer>.<deliveries>.<stream seq>.<consumer seq>.<nanoseconds>.<pending>`, or with
// `<domain>.<account hash>` before the stream and a random token at the end.

const PREFIX = '$JS.ACK.';

/** Whether a message came from a consumer: publishers choose headers, the server alone chooses this reply subject. */
export function isDelivery(reply: string | undefined): reply is string {
  return reply !== undefined && reply.startsWith(PREFIX);
}

export type DeliveryPosition = {
  readonly stream: string;
  readonly sequence: number;
  readonly deliveryCount: number;
  /** Counts what this consumer delivered, from 1. */
  readonly consumerSequence: number;
  readonly storedAt: Date;
};

export function parseDeliverySubject(reply: string): DeliveryPosition {
  const tokens = reply.split('.');
  const first = tokens.length === 9 ? 2 : 4;
  const token = (index: number): string => tokens[first + index] ?? '';
  return {
    stream: token(0),
    deliveryCount: Number(token(2)),
    sequence: Number(token(3)),
    consumerSequence: Number(token(4)),
    // Cut to the millisecond, exactly as reading the message back does: cursors compare the two.
    storedAt: new Date(Number(token(5).slice(0, -6))),
  };
}

const NANOSECONDS_PER_MS = 1_000_000;

/** What to publish to the reply subject. */
export const settlement = {
  acknowledge: '+ACK',
  renew: '+WPI',
  // Without a delay in it the server queues the message in the moment; with one, even of nothing, when its timer next
  // runs, and what is new may be delivered before.
  giveBack: (delayMs: number): string =>
    delayMs === 0 ? '-NAK' : `-NAK {"delay":${Math.round(delayMs * NANOSECONDS_PER_MS)}}`,
  terminate: (reason: string): string => `+TERM ${reason}`,
} as const;
