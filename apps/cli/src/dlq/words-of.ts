// What became of a letter, in words.
import type { DiscardOutcome, RedriveOutcome } from '@longwave/messaging/dead-letters';

export function wordsOf({ kind }: RedriveOutcome | DiscardOutcome): string {
  switch (kind) {
    case 'redriven':
      return 'redriven';
    case 'discarded':
      return 'discarded';
    case 'redriven-before':
      return 'was redriven before; the letter is removed now';
    case 'discarded-before':
      return 'was discarded before; the letter is removed now';
    case 'gone':
      return 'gone: somebody else has redriven or discarded it';
    case 'lost':
      return 'cannot be redriven: it was too large for a letter, and its stream has forgotten it. It can only be discarded';
  }
}
