// One dead letter in one line, for whoever is about to do something to it.
import type { DeadLetter } from '@longwave/messaging/dead-letters';
import { printable } from '../text/printable.ts';

export function describeLetter({ identity, type, subject, cause, reason }: DeadLetter): string {
  return printable(`${identity}  ${type ?? subject}  ${cause}: ${reason}`);
}
