// Names of streams, consumers and queue groups. They are never escaped and never taken from input: a durable named
// `p%2Eq` gets "no responders" for its acknowledgements, and a queue group with CRLF injects protocol lines.
import { SubjectError } from './subject-error.ts';

const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** Returns `name` when it may name a stream, a consumer or a queue group. Throws SubjectError `illegal-name`. */
export function checkName(name: string): string {
  if (NAME.test(name)) return name;
  throw new SubjectError(
    'illegal-name',
    `${JSON.stringify(name.slice(0, 80))} is not a name: 1 to 64 of A–Z a–z 0–9 _ -`,
  );
}
