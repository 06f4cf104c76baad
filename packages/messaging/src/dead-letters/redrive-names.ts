// Where redriven messages go: into the stream of dead letters, on a subject for each redrive, which one durable consumer
// of the group that failed is given and nobody else. Whoever makes streams and consumers takes the names from here.
import { checkName } from '../contract/name.ts';
import { encodeToken } from '../contract/token.ts';
import type { LetterPlace } from './letter-id.ts';

/** The stream that keeps `dead-letter.>`. */
export const DEAD_LETTER_STREAM = 'dead-letter';

/** What the first failure of a message is published on. */
export function letterSubject({ stream, group }: Pick<LetterPlace, 'stream' | 'group'>): string {
  return `dead-letter.${encodeToken(stream)}.${encodeToken(group)}`;
}

/** The durable consumer of `dead-letter` that a group takes its redriven messages from. Throws SubjectError `illegal-name`. */
export function redriveConsumer(stream: string, group: string): string {
  return checkName(`redrive-${stream}-${group}`);
}

/** What that consumer is given. */
export function redriveFilter(stream: string, group: string): string {
  return `${letterSubject({ stream, group })}.redrive.>`;
}

/** One subject for each redrive, or for the discard in its place, so that the stream can say whether it has it. */
export function redriveSubject(place: LetterPlace, redrive: number): string {
  return `${letterSubject(place)}.redrive.${place.epoch}.${place.sequence}.${redrive}`;
}

/** Null for any other subject. */
export function parseRedriveSubject(subject: string): (LetterPlace & { readonly redrive: number }) | null {
  const [, stream, group, epoch, sequence, redrive] = REDRIVE_SUBJECT.exec(subject) ?? [];
  if (stream === undefined || group === undefined) return null;
  return { stream, group, epoch: Number(epoch), sequence: Number(sequence), redrive: Number(redrive) };
}

const REDRIVE_SUBJECT =
  /^dead-letter\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.redrive\.(\d{1,15})\.(\d{1,15})\.([1-9]\d{0,8})$/;
