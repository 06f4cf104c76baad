// From a message to the template of its subject, for names and labels: subjects carry ids, and a label value per id
// would grow without bound. What a stranger writes into headers or subjects is one of the known templates or `_OTHER`.
import { DEAD_LETTER_CE_TYPE } from '../consume/dead-letter.ts';
import type { MessageType } from '../contract/message-type.ts';
import type { ObservedMessage } from './observer.ts';

/** What the semantic conventions call a value that is not among the known ones. */
export const OTHER = '_OTHER';

const DEAD_LETTER_TEMPLATE = 'dead-letter.{stream}.{group}';

/** The template of a message's subject, by its ce-type and, when it has none that is known, by its subject. */
export function destinationTemplates(types: readonly MessageType[]): (message: ObservedMessage) => string {
  const byCeType = new Map(types.map((type) => [type.ceType, type.subject.text]));
  byCeType.set(DEAD_LETTER_CE_TYPE, DEAD_LETTER_TEMPLATE);
  return ({ subject, headers }) =>
    byCeType.get(headers['ce-type'] ?? '') ?? types.find((type) => type.subject.match(subject))?.subject.text ?? OTHER;
}
