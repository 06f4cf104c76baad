// Contracts that share subjects. A message is read as the first of them that its subject matches, so one of the other would
// be taken for it: settled unhandled by whoever asks what it is, or a dead letter.
import { filtersOverlap, parseFilter } from './filter.ts';
import type { MessageType } from './message-type.ts';

/** In words, of the first two of `types` that could take the same message; null when there are none. */
export function overlapOf(types: readonly MessageType[]): string | null {
  for (const [index, type] of types.entries()) {
    const other = types.slice(0, index).find((earlier) => canBeSame(earlier, type));
    if (other !== undefined) return `${called(other)} and ${called(type)} could take the same message`;
  }
  return null;
}

function canBeSame(one: MessageType, other: MessageType): boolean {
  return filtersOverlap(parseFilter(one.subject.filter), parseFilter(other.subject.filter));
}

function called({ name, subject }: MessageType): string {
  return `${name} (${subject.text})`;
}
