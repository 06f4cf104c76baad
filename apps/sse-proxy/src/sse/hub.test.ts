// Clients that come, stall, vanish and come back, while the streams are published to, purged, restored and recreated,
// and the broker goes away: in any order, and whatever happens between two steps. A failure prints its seed and steps.
import { describe, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import fc from 'fast-check';
import { policies, type Policy } from '../domain/policy.ts';
import { faultsOf, Scene, type Visitor } from '../../test/support/scene.ts';

type Step =
  | { readonly do: 'publish'; readonly subject: string; readonly count: number; readonly bytes: number }
  | { readonly do: 'visit'; readonly filters: readonly string[]; readonly policy: Policy }
  | { readonly do: 'reconnect' | 'stick' | 'unstick'; readonly visitor: number }
  | { readonly do: 'go away' | 'come back' | 'recreate'; readonly stream: string }
  | { readonly do: 'purge' | 'restore' | 'restore and go on'; readonly stream: string; readonly count: number }
  | { readonly do: 'wait' };

async function take(scene: Scene, step: Step): Promise<void> {
  switch (step.do) {
    case 'publish':
      return scene.publish(step.subject, step.count, step.bytes);
    case 'visit':
      return scene.visit(step.filters, step.policy);
    case 'reconnect':
      return scene.visitor(step.visitor).connect();
    case 'stick':
      return scene.visitor(step.visitor).outlet.stick();
    case 'unstick':
      return scene.visitor(step.visitor).outlet.unstick();
    case 'go away':
      return scene.streamOf(step.stream).goAway();
    case 'come back':
      return scene.streamOf(step.stream).comeBack();
    case 'recreate':
      return scene.streamOf(step.stream).recreate();
    case 'purge':
      return scene.streamOf(step.stream).purge(scene.streamOf(step.stream).bounds.first + step.count);
    case 'restore':
      return scene.restore(step.stream, step.count);
    case 'restore and go on':
      // New messages under the old numbers: the bounds alone would tell nobody.
      scene.streamOf(step.stream).goAway();
      scene.restore(step.stream, step.count);
      scene.publish(`${step.stream}a`, step.count + 2);
      return scene.streamOf(step.stream).comeBack();
    case 'wait':
      return new Promise((resolve) => setImmediate(resolve));
  }
}

const [small, stream] = [fc.integer({ min: 1, max: 12 }), fc.constantFrom('s.', 't.')];
const doing = <T extends Step['do']>(...names: readonly T[]) => fc.constantFrom(...names);
const subject = fc.constantFrom('s.a', 's.b', 't.a');
const filters = fc.constantFrom(['s.>'], ['s.a'], ['s.b'], ['t.>'], ['s.a', 't.a'], ['s.>', 't.>']);
const bytes = fc.constantFrom(0, 0, 9_000);
const policy = fc.constantFrom(...policies, 'catch-up' as const);

const ordinary: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: doing('publish'), subject, count: small, bytes }) },
  { weight: 3, arbitrary: fc.record({ do: doing('visit'), filters, policy }) },
  { weight: 6, arbitrary: fc.record({ do: doing('reconnect', 'stick', 'unstick'), visitor: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ do: doing('go away', 'come back', 'come back'), stream }) },
  { weight: 6, arbitrary: fc.record({ do: doing('wait') }) },
);
const damaging: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: doing('purge', 'restore', 'restore and go on'), stream, count: small }),
  fc.record({ do: doing('recreate'), stream }),
);
/** fast-check would make most of them short. */
const SEVERAL = { minLength: 20, maxLength: 80, size: 'max' } as const;
const ringBytes = fc.constantFrom(1, 1_500, 20_000, 1_000_000);

/** Takes the steps, makes everything well again, and waits until everyone has heard the last message. */
async function play(scene: Scene, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    await take(scene, step);
    scene.notePrimed();
  }
  for (const one of scene.streams) one.comeBack();
  for (const { outlet } of scene.visitors) outlet.unstick();
  await until('everyone knows where they stand', () => scene.visitors.every(({ outlet }) => outlet.read().id !== ''));
  scene.notePrimed();
  publishLast(scene);
  const haveAllHeard = (): boolean => {
    if (scene.visitors.every((visitor) => hasHeardAll(scene, visitor))) return true;
    // A gap may cover what was meant to be the last message: then another one is.
    publishLast(scene);
    return false;
  };
  await until('everyone has heard the last message', haveAllHeard, 4_000);
}

function publishLast(scene: Scene): void {
  for (const last of ['s.a', 's.b', 't.a']) scene.publish(last);
}

function hasHeardAll(scene: Scene, visitor: Visitor): boolean {
  return scene.streams.every(({ name }) => {
    const last = scene.audible(visitor, name).at(-1);
    return last === undefined || visitor.storyOf(name).at(-1) === last;
  });
}

/** Returns how many gaps were told. */
async function check(steps: readonly Step[], ringBytesMax: number): Promise<number> {
  const scene = new Scene(ringBytesMax);
  try {
    scene.visit(['s.>', 't.>']);
    await play(scene, steps);
    for (const visitor of scene.visitors) {
      for (const { name } of scene.streams) expect(faultsOf(scene, visitor, name)).toEqual([]);
      expect(visitor.outlets.filter(({ writesTooMany }) => writesTooMany > 0)).toEqual([]);
    }
    return Object.values(scene.hub.tally.gaps).reduce((sum, count) => sum + count, 0);
  } finally {
    await scene.end();
  }
}

describe('whatever happens', () => {
  test('every client hears everything once (or the newest of each subject), in order, and of no gap that is none', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(ordinary, SEVERAL), ringBytes, async (steps, ringBytesMax) => {
        expect(await check(steps, ringBytesMax)).toBe(0);
      }),
      { numRuns: 40, endOnFailure: true },
    );
  }, 60_000);

  test('with purges, restored copies and recreated streams, too: what is missing is told where it is missing', async () => {
    const steps = fc.array(fc.oneof({ weight: 9, arbitrary: ordinary }, { weight: 1, arbitrary: damaging }), SEVERAL);
    await fc.assert(
      fc.asyncProperty(steps, ringBytes, async (each, ringBytesMax) => void (await check(each, ringBytesMax))),
      { numRuns: 40, endOnFailure: true },
    );
  }, 60_000);
});
