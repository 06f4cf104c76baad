// What no consumption can work with, refused before anything is started: a limit that is read from somewhere and is not
// there would otherwise be NaN or 0, and a group that handles nothing while it says that all is well.
import type { MessageType } from '../contract/message-type.ts';
import { overlapOf } from '../contract/overlapping-types.ts';
import type { Source } from '../contract/metadata.ts';
import { complaintAboutHeader } from '../contract/sendable.ts';
import { SubjectError } from '../contract/subject-error.ts';
import type { RetryPolicy } from './retry-policy.ts';

/** Throws RangeError for anything but a whole number from 1. */
export function checkCount(name: string, count: number): number {
  if (Number.isInteger(count) && count >= 1) return count;
  throw new RangeError(`${name} is ${count}; it is a whole number from 1`);
}

/** Throws RangeError for a policy by which a message would be tried at once, or nobody knows how often. (G3) */
export function checkRetryPolicy({ attemptsMax, delayMsMin, delayMsMax }: RetryPolicy): void {
  if (attemptsMax !== Number.POSITIVE_INFINITY) checkCount('retry.attemptsMax', attemptsMax);
  if (!(delayMsMin >= 1)) throw new RangeError(`retry.delayMsMin is ${delayMsMin}; it is 1 ms or more`);
  if (!(delayMsMax >= delayMsMin))
    throw new RangeError(`retry.delayMsMax is ${delayMsMax}; it is delayMsMin (${delayMsMin}) or more`);
}

/** Throws SubjectError `illegal-name` for a source that no dead letter could name: each would wait for ever. (G8) */
export function checkSource({ instance, replica }: Source): void {
  const complaint = complaintAboutHeader('ce-source', `/${instance}/${replica}`);
  if (complaint !== null) throw new SubjectError('illegal-name', `no message can come from this source: ${complaint}`);
}

/** Throws TypeError for types of which two could take the same message. (G5) */
export function checkTypes(types: readonly MessageType[]): void {
  const overlap = overlapOf(types);
  if (overlap !== null) throw new TypeError(overlap);
}
