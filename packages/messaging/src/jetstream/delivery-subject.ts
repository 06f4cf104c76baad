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

const TOKENS_WITHOUT_DOMAIN = 9;

/** Tokens are found rather than split off: ten texts for four numbers were half of what it cost. */
export function parseDeliverySubject(reply: string): DeliveryPosition {
  const isShort = tokensIn(reply) === TOKENS_WITHOUT_DOMAIN;
  const stream = isShort ? PREFIX.length : behind(reply, behind(reply, PREFIX.length));
  const consumer = behind(reply, stream);
  const deliveries = behind(reply, consumer);
  const sequence = behind(reply, deliveries);
  const consumerSequence = behind(reply, sequence);
  const nanoseconds = behind(reply, consumerSequence);
  const pending = behind(reply, nanoseconds);
  return {
    stream: reply.slice(stream, consumer - 1),
    deliveryCount: numberIn(reply, deliveries, sequence - 1),
    sequence: numberIn(reply, sequence, consumerSequence - 1),
    consumerSequence: numberIn(reply, consumerSequence, nanoseconds - 1),
    // Cut to the millisecond, exactly as reading the message back does: cursors compare the two.
    storedAt: new Date(numberIn(reply, nanoseconds, pending - 1 - NANOSECOND_DIGITS)),
  };
}

const NANOSECOND_DIGITS = 6;

function tokensIn(subject: string): number {
  let count = 1;
  for (let dot = subject.indexOf('.'); dot !== -1; dot = subject.indexOf('.', dot + 1)) count += 1;
  return count;
}

/** Where the token begins that follows the one that begins at `start`. */
function behind(subject: string, start: number): number {
  return subject.indexOf('.', start) + 1;
}

const ZERO = 48;

/** The digits from `start` to before `end`. */
function numberIn(subject: string, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) value = value * 10 + subject.charCodeAt(at) - ZERO;
  return value;
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
