// One promise of the ports, and how a back-end shows that it keeps it.
import type { Abilities, Capability } from './backend-under-test.ts';
import type { Stage } from './stage.ts';

export type BackendPromise = {
  /** What is promised, in words; begins with its number in the README when it has one there. */
  readonly title: string;
  /** Without it nothing is promised. */
  readonly needs: Capability | null;
  /** Resolves when the promise was kept, rejects with an AssertionError when not. */
  readonly prove: (stage: Stage) => Promise<void>;
};

/** A promise of every back-end. */
export function promise(title: string, prove: (stage: Stage) => Promise<void>): BackendPromise {
  return { title, needs: null, prove };
}

/** A promise of those back-ends that declare the capability `needs`. */
export function promiseIf<Needs extends Capability>(
  needs: Needs,
  title: string,
  prove: (stage: Stage, ability: Abilities[Needs]) => Promise<void>,
): BackendPromise {
  return { title, needs, prove: (stage) => prove(stage, stage.ability(needs)) };
}
