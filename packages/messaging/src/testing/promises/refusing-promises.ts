// What every publisher promises about messages that can never be sent: refused, typed, and costing no other anything.
// `contract/` makes none of these; whoever builds a message by hand, or sends one again that a stranger wrote, might.
import assert from 'node:assert/strict';
import type { OutgoingMessage } from '../../contract/encode.ts';
import { promise } from '../backend-promise.ts';
import { reading } from '../reading.ts';
import type { Stage } from '../stage.ts';

const SUBJECTS = [
  '',
  'conformance.*',
  'conformance.>',
  'conformance..a',
  '.conformance',
  'conformance.',
  'a b',
  'a\tb',
];
const INJECTIONS = [
  'conformance.a\r\nPUB conformance.b 0\r\n\r\n',
  'conformance.a\n',
  'conformance.\0',
  'conformance.é',
];

const refuses = async (stage: Stage, what: string, message: OutgoingMessage): Promise<void> => {
  const publishing = stage.during(stage.backend.publisher.publish(message));
  await assert.rejects(publishing, { name: 'PublishError', code: 'refused', messageId: message.id }, what);
};

/** Published last: what was refused has neither been stored nor broken anything. */
const onlyThisIsStored = async (stage: Stage): Promise<void> => {
  const stored = await stage.during(stage.backend.publisher.publish(reading('last', 0)));
  assert.equal(stored.sequence, 1);
};

export const refusingPromises = [
  promise(
    'P6: a subject that nothing can be sent on is refused, and what it would inject is not sent',
    async (stage) => {
      await stage.during(stage.backend.reader.bounds('conformance'));
      for (const subject of [...SUBJECTS, ...INJECTIONS])
        await refuses(stage, JSON.stringify(subject), { ...reading('a', 1), subject });
      await onlyThisIsStored(stage);
    },
  ),

  promise('P6: a header that cannot be sent is refused', async (stage) => {
    const bad = [{ 'a b': 'x' }, { 'a:b': 'x' }, { é: 'x' }, { '': 'x' }, { a: 'x\r\nb: y' }, { a: 'x\ny' }];
    for (const headers of bad) await refuses(stage, JSON.stringify(headers), { ...reading('a', 1), headers });
    await onlyThisIsStored(stage);
  }),
];
