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
  // One ce-type may be sent on several subjects: the messages about all resources are called alike.
  const byCeType = Map.groupBy(types, ({ ceType }) => ceType);
  return ({ subject, headers }) => {
    const ceType = headers['ce-type'] ?? '';
    if (ceType === DEAD_LETTER_CE_TYPE) return DEAD_LETTER_TEMPLATE;
    const called = byCeType.get(ceType) ?? [];
    if (called.length === 1 && called[0] !== undefined) return called[0].subject.text;
    return types.find((type) => type.subject.match(subject))?.subject.text ?? OTHER;
  };
}
