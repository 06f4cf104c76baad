// `@longwave/messaging/dead-letters`: look at dead letters, redrive and discard them. For operators' tools.
export type { DeadLetter } from './dead-letter.ts';
export { identityOf, parseLetterId, type LetterPlace } from './letter-id.ts';
export { listDeadLetters, type FoundLetters, type LetterFilter } from './list-dead-letters.ts';
export { readOriginal, type Original } from './read-original.ts';
export {
  discard,
  redrive,
  redriveProgress,
  type DiscardOutcome,
  type LetterBroker,
  type Operator,
  type RedriveOutcome,
} from './redrive.ts';
export { redriveDoubts } from './redrive-doubts.ts';
export { DEAD_LETTER_STREAM, redriveConsumer, redriveFilter } from './redrive-names.ts';
