// Whether the suite would notice: back-ends that each break one promise, and what of it fails. Those are the broker in
// memory with one thing done wrong.
import { expect, test } from '@jest/globals';
import type { Delivery, DurableConsumers, StreamReader } from '../ports.ts';
import { openMemory } from '../../test/support/memory-under-test.ts';
import type { MemoryReplica } from '../memory/memory-backend.ts';
import { describeBackend, type TestFramework } from './describe-backend.ts';

type Found = { readonly passed: string[]; readonly failed: string[]; readonly skipped: string[] };

const nothing = { notPromised: 'not asked for here' };
const capabilities = {
  deduplication: true,
  removal: nothing,
  recreation: nothing,
  restart: nothing,
  editing: true,
  exclusive: true,
  live: nothing,
} as const;

/** A test framework that runs what is registered when it is told to. */
function createRecorder(): { framework: TestFramework; readonly run: () => Promise<Found> } {
  const tests: Array<readonly [string, () => Promise<void>]> = [];
  const skipped: string[] = [];
  const register = (title: string, body: () => Promise<void>): void => void tests.push([title, body]);
  return {
    framework: {
      describe: (_name, body) => body(),
      test: Object.assign(register, { skip: (title: string) => void skipped.push(title) }),
    },
    run: async () => {
      const found: Found = { passed: [], failed: [], skipped };
      for (const [title, body] of tests) {
        const hasPassed = await body().then(
          () => true,
          () => false,
        );
        (hasPassed ? found.passed : found.failed).push(title);
      }
      return found;
    },
  };
}

/** What the suite says about a broker in memory whose replicas are broken by `breakReplica`. */
async function suiteOver(breakReplica: (replica: MemoryReplica) => MemoryReplica): Promise<Found> {
  const { framework, run } = createRecorder();
  describeBackend(framework, 'broken', { capabilities, open: () => openMemory(breakReplica) });
  return run();
}

type PullOptions = Parameters<DurableConsumers['pull']>[2];

const withReader = (replica: MemoryReplica, reader: Partial<StreamReader>): MemoryReplica => ({
  ...replica,
  reader: { ...replica.reader, ...reader },
});

const withPull = (replica: MemoryReplica, change: (options: PullOptions) => PullOptions): MemoryReplica => ({
  ...replica,
  consumers: { pull: (stream, consumer, options) => replica.consumers.pull(stream, consumer, change(options)) },
});

const withDelivery = (replica: MemoryReplica, change: (delivery: Delivery) => Partial<Delivery>): MemoryReplica =>
  withPull(replica, (options) => ({
    ...options,
    onDelivery: (delivery) =>
      options.onDelivery({
        stored: delivery.stored,
        deliveryCount: delivery.deliveryCount,
        acknowledge: () => delivery.acknowledge(),
        giveBack: (delayMs) => delivery.giveBack(delayMs),
        terminate: (reason) => delivery.terminate(reason),
        renew: () => delivery.renew(),
        ...change(delivery),
      }),
  }));

test('W1: a back-end that keeps every promise passes', async () => {
  const { passed, failed } = await suiteOver((replica) => replica);
  expect(failed).toEqual([]);
  expect(passed.length).toBeGreaterThan(50);
});

let ids = 0;
const broken: ReadonlyArray<readonly [what: string, fails: string, (replica: MemoryReplica) => MemoryReplica]> = [
  [
    'stores twice what is sent twice',
    'P2: what is published again',
    (replica) => ({
      ...replica,
      publisher: {
        ...replica.publisher,
        publish: (message, how) => replica.publisher.publish({ ...message, id: `${message.id}-${(ids += 1)}` }, how),
      },
    }),
  ],
  [
    'resolves before it has stored',
    'P1: a publish that resolves',
    (replica) => ({
      ...replica,
      publisher: {
        ...replica.publisher,
        publish: async () => ({ stream: 'conformance', sequence: 1, duplicate: false }),
      },
    }),
  ],
  [
    'ignores the filters of a replay',
    'a replay gives what',
    (replica) =>
      withReader(replica, {
        replay: (stream, { from, to }, signal) => replica.reader.replay(stream, { from, to }, signal),
      }),
  ],
  [
    'skips the message it follows from',
    'everything from a position on',
    (replica) =>
      withReader(replica, { follow: (stream, from, listener) => replica.reader.follow(stream, from + 1, listener) }),
  ],
  [
    'hands over more than was asked for',
    'U1: no more than prefetch',
    (replica) => withPull(replica, (options) => ({ ...options, prefetch: options.prefetch + 1 })),
  ],
  [
    'hands over whatever its bytes',
    'U9: no more than prefetchBytes',
    (replica) => withPull(replica, (options) => ({ ...options, prefetchBytes: Number.POSITIVE_INFINITY })),
  ],
  [
    'forgets what it was told',
    'what was acknowledged is not',
    (replica) => withDelivery(replica, () => ({ acknowledge: () => undefined })),
  ],
  [
    'gives back without a delay',
    'what was given back with a delay',
    (replica) => withDelivery(replica, (delivery) => ({ giveBack: () => delivery.giveBack(0) })),
  ],
  ['renews nothing', 'G4: what is renewed', (replica) => withDelivery(replica, () => ({ renew: () => undefined }))],
  [
    'gives an ordered group to every replica',
    'G15: one replica is given everything',
    (replica) => ({
      ...replica,
      exclusive: {
        pull: (...asked) => {
          const pull = replica.consumers.pull(...asked);
          return { isActive: () => true, stop: () => pull.stop(), release: async () => undefined };
        },
      },
    }),
  ],
  [
    'never lets go of an ordered group',
    'G15: one that stops hands the group over',
    (replica) => ({
      ...replica,
      exclusive: {
        pull: (...asked) => {
          const pull = replica.exclusive.pull(...asked);
          return { isActive: () => pull.isActive(), stop: () => pull.stop(), release: async () => undefined };
        },
      },
    }),
  ],
  [
    'says of every delivery that it is the first',
    'G12: what is delivered again runs alone',
    (replica) => withDelivery(replica, () => ({ deliveryCount: 1 })),
  ],
  [
    'forgets who has crashed',
    'G13: what kills each process',
    (replica) => ({ ...replica, crashes: { ...replica.crashes, read: async () => null } }),
  ],
  [
    'takes nothing back of what it was told of crashes',
    'G13: a stop uses up nothing',
    (replica) => ({
      ...replica,
      crashes: {
        ...replica.crashes,
        write: async (place, record) => (record === null ? undefined : replica.crashes.write(place, record)),
      },
    }),
  ],
  [
    'delivers after a stop',
    'U3: after a stop',
    (replica) => ({
      ...replica,
      consumers: {
        pull: (...asked) => {
          replica.consumers.pull(...asked);
          return { stop: async () => undefined };
        },
      },
    }),
  ],
  [
    'publishes first whatever is there',
    'Y4: two operators at once',
    (replica) => ({
      ...replica,
      editor: {
        ...replica.editor,
        publishFirst: async (message) => {
          const { sequence } = await replica.publisher.publish({ ...message, id: `${message.id}-${(ids += 1)}` });
          return { sequence, duplicate: false };
        },
      },
    }),
  ],
  [
    'removes nothing',
    'what was removed is not there',
    (replica) => ({ ...replica, editor: { ...replica.editor, remove: async () => true } }),
  ],
  [
    'says nothing about missing streams',
    'a stream that is not there',
    (replica) =>
      withReader(replica, { at: (stream, sequence) => replica.reader.at(stream, sequence).catch(() => null) }),
  ],
];

test.each(broken)('W1: a back-end that %s fails “%s…”', async (_what, fails, breakReplica) => {
  const { failed } = await suiteOver(breakReplica);
  expect(failed).toEqual(expect.arrayContaining([expect.stringContaining(fails)]));
});

test('W1: what is not promised is skipped, and the reason is said', async () => {
  const { skipped } = await suiteOver((replica) => replica);
  expect(skipped.length).toBeGreaterThan(5);
  for (const title of skipped) expect(title).toContain('[not promised: not asked for here]');
});

test('W1: an ability that is declared has to be given: the compiler asks for it', async () => {
  const declared = { ...capabilities, restart: true } as const;
  const { framework, run } = createRecorder();
  // @ts-expect-error -- restart is declared as promised, and what is opened cannot crash
  describeBackend(framework, 'incomplete', { capabilities: declared, open: () => openMemory() });
  const { failed } = await run();
  expect(failed).toContain('P1: what was acknowledged before is there after');
});
