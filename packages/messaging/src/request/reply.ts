// What came back for a request, judged: a reply, a refusal, or something that is no reply at all.
import { decodeMetadata, type Metadata } from '../contract/metadata.ts';
import { decodeStatus } from '../contract/reply-status.ts';
import type { RequestType } from '../contract/targeted-type.ts';
import type { LiveArrival } from '../ports.ts';
import { CallError, ReplyError } from './errors.ts';
import { readData } from './received.ts';

export type Reply<Output> = {
  readonly data: Output;
  /** 200 to 299. */
  readonly status: number;
  readonly reason?: string;
  /** What the reply says of itself: its id, its source, its correlation. Read when it is asked for. */
  readonly metadata: () => Partial<Metadata>;
};

/** Throws ReplyError, or CallError `no-responders`, `bad-reply` (Q10). */
export function readReply<Input, Output>(type: RequestType<Input, Output>, arrival: LiveArrival): Reply<Output> {
  if (arrival.nobodyListens) {
    throw new CallError('no-responders', `nobody serves ${type.name} there: is that service running, and so named?`); // (Q9)
  }
  const status = decodeStatus(arrival.headers);
  if (status === null) throw new CallError('bad-reply', `the reply to ${type.name} has a status that is none`);
  if (status.status >= 300) throw new ReplyError(status.status, status.reason ?? 'without a reason', type.name);
  const read = readData(type.output, arrival);
  if (!read.ok) {
    throw new CallError('bad-reply', `the reply to ${type.name} cannot be read: ${read.failure.reason}`);
  }
  return { ...status, data: read.data, metadata: () => decodeMetadata(arrival.headers) };
}
