// Whoever can hold event streams open and send the same event down all of them: ours, and what it is compared to.

export type Contender = {
  readonly name: string;
  /** Every process that works for its clients, but not what publishes to it. */
  readonly pids: readonly number[];
  readonly port: number;
  /** What a client asks for. */
  readonly path: string;
  /** Publishes one event of about 200 bytes on the wire, with one MARK in it; resolves once it is accepted. */
  publish(): Promise<void>;
  stop(): Promise<void>;
};

/** One in every event and nowhere else, so that events can be counted without being read: ^ is in no cursor. */
export const MARK = '^';
export const MARK_BYTE = 0x5e;

/** With when it was made, in nanoseconds of this process's clock. */
export function payloadOf(bytes: number): string {
  const payload = `{"mark":"${MARK}","at":${process.hrtime.bigint()},"fill":""}`;
  return payload.replace('""', `"${'x'.repeat(Math.max(0, bytes - payload.length))}"`);
}

/** What is measured is a frame of this size. */
export const FRAME_BYTES = 200;
