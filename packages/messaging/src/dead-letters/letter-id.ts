// What a dead letter is called: the place of its message and the group that failed, and, when it was redriven and has
// failed again, for the how manieth time. People type it, so both the name and the whole id are understood.
//
// D1  one identity, `<stream>:<epoch>:<sequence>:<group>`, for each message and group; one id, `<identity>:<redrives>`
//     from the first redrive on, for each time that it fails for good: a stream that remembers ids takes the next one.

/** Where a message lies, and for whom it failed. */
export type LetterPlace = {
  readonly stream: string;
  readonly epoch: number;
  readonly sequence: number;
  readonly group: string;
};

/** The same for every letter of one message and group. */
export function identityOf({ stream, epoch, sequence, group }: LetterPlace): string {
  return `${stream}:${epoch}:${sequence}:${group}`;
}

/** `redrives`: how often it was redriven before it failed this time. */
export function letterIdOf(place: LetterPlace, redrives: number): string {
  return redrives === 0 ? identityOf(place) : `${identityOf(place)}:${redrives}`;
}

/** Reads an identity or an id; null for anything else. */
export function parseLetterId(text: string): (LetterPlace & { readonly redrives: number }) | null {
  const [, stream, epoch, sequence, group, redrives = '0'] = LETTER_ID.exec(text) ?? [];
  if (stream === undefined || group === undefined) return null;
  return { stream, epoch: Number(epoch), sequence: Number(sequence), group, redrives: Number(redrives) };
}

const NUMBER = '(0|[1-9]\\d{0,14})';
const LETTER_ID = new RegExp(`^([A-Za-z0-9_-]{1,64}):${NUMBER}:${NUMBER}:([A-Za-z0-9_-]{1,64})(?::([1-9]\\d{0,8}))?$`);
