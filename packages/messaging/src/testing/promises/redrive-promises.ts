// What redriving promises on any back-end that can edit: the message comes back to the group that failed, once, as the
// message it was.
import assert from 'node:assert/strict';
import type { DeadLetter } from '../../dead-letters/dead-letter.ts';
import { redriveDoubts } from '../../dead-letters/redrive-doubts.ts';
import { DEAD_LETTER_STREAM, redriveFilter } from '../../dead-letters/redrive-names.ts';
import { discard, redrive, redriveProgress, type LetterBroker } from '../../dead-letters/redrive.ts';
import type { StreamEditor } from '../../ports.ts';
import { promiseIf, type BackendPromise } from '../backend-promise.ts';
import { addGroup, found, oneLetter, startGroup, untilLetters, valuesOf } from '../giving-up.ts';
import { reading } from '../reading.ts';
import { STREAM, type Stage } from '../stage.ts';

const ada = { by: 'user:ada', at: new Date(86_400_000) } as const;

const broker = (stage: Stage, editor: StreamEditor): LetterBroker => ({ reader: stage.backend.reader, editor });

/** Long enough for whatever would come twice. */
const SETTLED_MS = 300;

export const redrivePromises: readonly BackendPromise[] = [
  promiseIf(
    'editing',
    'Y1: of two groups only the one that failed gets the redriven message, once',
    async (stage, { connect }) => {
      const editor = await connect();
      await addGroup(stage, 'other');
      const others = startGroup(stage, 'other');
      const { handled, letter } = await oneLetter(stage);
      const outcome = await stage.during(redrive(broker(stage, editor), letter, ada));
      assert.equal(outcome.kind, 'redriven');
      await stage.until('it is handled', () => handled.length === 3);
      await stage.broker.pass(SETTLED_MS);
      assert.deepEqual(valuesOf(handled), [0, 2, 1]);
      assert.deepEqual(valuesOf(others), [0, 1, 2]);
      assert.deepEqual(await found(stage), { letters: [], leftovers: [] });
    },
  ),

  promiseIf(
    'editing',
    'Y2: it is the message that failed: its id, key, bytes, headers and place',
    async (stage, { connect }) => {
      const editor = await connect();
      const { handled, letter } = await oneLetter(stage);
      const original = (await stage.contents())[1] ?? assert.fail();
      await stage.during(redrive(broker(stage, editor), letter, ada));
      await stage.until('it is handled', () => handled.length === 3);
      const again = handled[2] ?? assert.fail();
      assert.equal(again.id, original.headers['ce-id']);
      assert.equal(again.key, 'meter/a');
      assert.equal(again.correlationId, original.headers['ce-correlationid']);
      const { headers: _, ...place } = original;
      const { headers, ...placeAgain } = again.stored;
      assert.deepEqual(placeAgain, place);
      assert.equal(headers['ce-time'], original.headers['ce-time']);
    },
  ),

  promiseIf(
    'editing',
    'Y2: on the wire it has its own ce-id, and a Nats-Msg-Id of the redrive',
    async (stage, { connect }) => {
      const editor = await connect();
      const { letter } = await oneLetter(stage);
      await stage.during(redrive(broker(stage, editor), letter, ada));
      const [wire = assert.fail(), ...others] = await stage.contents(DEAD_LETTER_STREAM);
      assert.deepEqual(others, []);
      assert.equal(wire.headers['ce-id'], letter.messageId);
      assert.equal(wire.headers['Nats-Msg-Id'], `${letter.identity}:redrive:1`);
      assert.equal(wire.headers['lw-redriven-by'], 'user:ada');
    },
  ),

  promiseIf(
    'editing',
    'Y4: two operators at once, and one who does it again later, redrive once',
    async (stage, { connect }) => {
      const [one, two] = [await connect(), await connect()];
      const { handled, letter } = await oneLetter(stage);
      const [read = assert.fail()] = await stage.contents(DEAD_LETTER_STREAM);
      const both = [one, two].map((editor) => redrive(broker(stage, editor), letter, ada));
      const kinds = (await stage.during(Promise.all(both))).map(({ kind }) => kind);
      assert.equal(kinds.filter((kind) => kind === 'redriven').length, 1);
      await stage.until('it is handled', () => handled.length === 3);
      assert.deepEqual(await stage.during(redrive(broker(stage, one), letter, ada)), { kind: 'gone' });
      // Whoever had read it before it was removed finds its subject taken.
      const late = await stage.during(redrive({ reader: { at: async () => read }, editor: two }, letter, ada));
      assert.equal(late.kind, 'redriven-before');
      await stage.broker.pass(SETTLED_MS);
      assert.equal(handled.length, 3);
    },
  ),

  promiseIf(
    'editing',
    'Y3, Y5: a redrive that dies before the removal is done again without a second effect',
    async (stage, { connect }) => {
      const editor = await connect();
      const { handled, letter } = await oneLetter(stage);
      const dying: StreamEditor = { ...editor, remove: () => Promise.reject(new Error('killed')) };
      await assert.rejects(stage.during(redrive(broker(stage, dying), letter, ada)), /killed/);
      await stage.until('it is handled', () => handled.length === 3);
      const { letters, leftovers } = await found(stage);
      assert.deepEqual([letters.length, leftovers.length], [0, 1]);
      const again = await stage.during(redrive(broker(stage, editor), leftovers[0] ?? assert.fail(), ada));
      assert.equal(again.kind, 'redriven-before');
      await stage.broker.pass(SETTLED_MS);
      assert.equal(handled.length, 3);
      assert.deepEqual(await found(stage), { letters: [], leftovers: [] });
    },
  ),

  promiseIf(
    'editing',
    'Y5: a redrive that cannot be stored leaves the letter where it is',
    async (stage, { connect }) => {
      const editor = await connect();
      const { handled, letter } = await oneLetter(stage);
      const dying: StreamEditor = { ...editor, publishFirst: () => Promise.reject(new Error('killed')) };
      await assert.rejects(stage.during(redrive(broker(stage, dying), letter, ada)), /killed/);
      assert.deepEqual((await found(stage)).letters, [letter]);
      assert.equal(handled.length, 2);
    },
  ),

  promiseIf(
    'editing',
    'Y6: what fails again is a dead letter again, its attempts counted from new, its first failure kept',
    async (stage, { connect }) => {
      const editor = await connect();
      const { handled, letter, failing } = await oneLetter(stage);
      failing.add(1);
      await stage.during(redrive(broker(stage, editor), letter, ada));
      const [again = assert.fail()] = await untilLetters(stage, 1);
      assert.deepEqual([again.identity, again.redrives, again.attempts], [letter.identity, 1, 1]);
      assert.deepEqual(again.firstFailedAt, letter.firstFailedAt);
      assert.ok(again.lastFailedAt >= letter.lastFailedAt);
      assert.equal(again.messageId, letter.messageId);
      failing.clear();
      const outcome = await stage.during(redrive(broker(stage, editor), again, ada));
      assert.equal(outcome.kind, 'redriven');
      await stage.until('it is handled', () => handled.length === 3);
      assert.deepEqual(await found(stage), { letters: [], leftovers: [] });
    },
  ),

  promiseIf(
    'editing',
    'Y4: an operator with an old list does not redrive what has failed again meanwhile',
    async (stage, { connect }) => {
      const editor = await connect();
      const { handled, letter, failing } = await oneLetter(stage);
      failing.add(1);
      await stage.during(redrive(broker(stage, editor), letter, ada));
      const [again = assert.fail()] = await untilLetters(stage, 1);
      assert.deepEqual(await stage.during(redrive(broker(stage, editor), letter, ada)), { kind: 'gone' });
      assert.deepEqual((await found(stage)).letters, [again]);
      assert.equal(handled.length, 2);
    },
  ),

  promiseIf(
    'editing',
    'Y4: what is discarded is gone for good, once, and who did it is kept',
    async (stage, { connect }) => {
      const editor = await connect();
      const { handled, letter } = await oneLetter(stage);
      assert.deepEqual(await stage.during(discard(broker(stage, editor), letter, ada)), { kind: 'discarded' });
      assert.deepEqual(await stage.during(discard(broker(stage, editor), letter, ada)), { kind: 'gone' });
      assert.deepEqual(await stage.during(redrive(broker(stage, editor), letter, ada)), { kind: 'gone' });
      assert.deepEqual(await found(stage), { letters: [], leftovers: [] });
      const [note = assert.fail()] = await stage.contents(DEAD_LETTER_STREAM);
      assert.equal(note.headers['ce-actor'], 'user:ada');
      assert.equal(note.headers['ce-id'], `${letter.identity}:discard:1`);
      await stage.until('the group is past it', async () => {
        const progress = await redriveProgress(editor, letter);
        return progress?.settledUpTo === note.sequence;
      });
      assert.equal(handled.length, 2);
    },
  ),

  promiseIf(
    'editing',
    'Y4: of one who redrives and one who discards at once the first decides, and the other is told',
    async (stage, { connect }) => {
      const [one, two] = [await connect(), await connect()];
      const { handled, letter } = await oneLetter(stage);
      const [read = assert.fail()] = await stage.contents(DEAD_LETTER_STREAM);
      // Both have read the letter before either of them has decided.
      const reader = {
        at: async (stream: string, position: number) =>
          position === read.sequence ? read : stage.backend.reader.at(stream, position),
      };
      assert.deepEqual(await stage.during(discard({ reader, editor: one }, letter, ada)), { kind: 'discarded' });
      assert.deepEqual(await stage.during(redrive({ reader, editor: two }, letter, ada)), { kind: 'discarded-before' });
      assert.deepEqual(await stage.during(discard({ reader, editor: two }, letter, ada)), { kind: 'discarded-before' });
      await stage.broker.pass(SETTLED_MS);
      assert.equal(handled.length, 2);
    },
  ),

  promiseIf(
    'editing',
    'Y7: that a key has gone on, or a message has expired, is told before',
    async (stage, { connect }) => {
      await connect();
      const { letter } = await oneLetter(stage);
      const doubts = async (one: DeadLetter): Promise<string> => {
        const all = await stage.during(
          redriveDoubts(stage.backend.reader, [one], new Date(86_400_000), new AbortController().signal),
        );
        return (all.get(one.identity) ?? []).join('; ');
      };
      assert.match(await doubts(letter), /meter\/a has gone on \(conformance 3\)/);
      assert.equal(await doubts({ ...letter, sequence: 3 }), '');
      assert.equal(await doubts({ ...letter, key: 'meter/b' }), '');
      assert.match(await doubts({ ...letter, key: 'meter/b', expiresAt: new Date(0) }), /expired at 1970/);
    },
  ),

  promiseIf(
    'editing',
    'Y7: whether a group takes what is redriven, and whether it is done with it, can be seen',
    async (stage, { connect }) => {
      const editor = await connect();
      const { handled, letter } = await oneLetter(stage);
      const settledUpTo = async (): Promise<number> =>
        (await redriveProgress(editor, letter))?.settledUpTo ?? assert.fail();
      const before = await stage.during(settledUpTo());
      assert.equal(await stage.during(redriveProgress(editor, { stream: STREAM, group: 'nobody' })), null);
      const outcome = await stage.during(redrive(broker(stage, editor), letter, ada));
      const position = outcome.kind === 'redriven' ? outcome.position : assert.fail();
      assert.ok(before < position);
      await stage.until('it is settled', async () => (await settledUpTo()) === position);
      assert.equal(handled.length, 3);
    },
  ),

  promiseIf(
    'editing',
    'Y1: what a stranger puts there is not handled, and holds up nothing',
    async (stage, { connect }) => {
      const editor = await connect();
      const { handled, letter } = await oneLetter(stage);
      const forged = reading('a', 7);
      const subject = redriveFilter(STREAM, 'failed').replace('>', '1.2.3');
      await stage.during(stage.backend.publisher.publish({ ...forged, subject, headers: {} }));
      await stage.during(redrive(broker(stage, editor), letter, ada));
      await stage.until('the redriven one is handled', () => handled.length === 3);
      assert.deepEqual(valuesOf(handled), [0, 2, 1]);
    },
  ),
];
