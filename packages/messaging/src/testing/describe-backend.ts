// The conformance suite: every promise of `ports.ts`, and of what consuming builds on them, as a test of a back-end.
//
// W1  a back-end that breaks a promise fails; what one does not promise is registered as skipped, with its reason.
//
// It brings no test framework: it takes `describe` and `test` as parameters and asserts with node:assert. Whoever writes a
// back-end elsewhere runs it under Jest, Vitest or node:test, in the version they have; an import of one of them here
// would be a dependency of everybody who installs this package, and a second copy of it would register no test.
import { batchPromises } from './promises/batch-promises.ts';
import { consumingPromises } from './promises/consuming-promises.ts';
import { deadLetterPromises } from './promises/dead-letter-promises.ts';
import { editingPromises } from './promises/editing-promises.ts';
import { followingPromises } from './promises/following-promises.ts';
import { livePromises } from './promises/live-promises.ts';
import { orderedPromises } from './promises/ordered-promises.ts';
import { payloadPromises } from './promises/payload-promises.ts';
import { publishingPromises } from './promises/publishing-promises.ts';
import { pullingPromises } from './promises/pulling-promises.ts';
import { readingPromises } from './promises/reading-promises.ts';
import { redrivePromises } from './promises/redrive-promises.ts';
import { refusingPromises } from './promises/refusing-promises.ts';
import { restartPromises } from './promises/restart-promises.ts';
import { settlingPromises } from './promises/settling-promises.ts';
import { suspectPromises } from './promises/suspect-promises.ts';
import type { BackendPromise } from './backend-promise.ts';
import type { Abilities, BackendUnderTest, BrokerUnderTest, Capabilities, Capability } from './backend-under-test.ts';
import { Stage } from './stage.ts';

/** The little of a test framework that is used: `import { describe, test } from '@jest/globals'` fits, and others do. */
export type TestFramework = {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly test: {
    (name: string, body: () => Promise<void>): unknown;
    readonly skip: (name: string, body: () => Promise<void>) => unknown;
  };
};

type Open = () => Promise<BrokerUnderTest & Partial<Abilities>>;

const chapters: Readonly<Record<string, readonly BackendPromise[]>> = {
  publishing: publishingPromises,
  refusing: refusingPromises,
  payloads: payloadPromises,
  reading: readingPromises,
  following: followingPromises,
  pulling: pullingPromises,
  settling: settlingPromises,
  consuming: consumingPromises,
  'messages that kill': suspectPromises,
  'ordered groups': orderedPromises,
  'dead letters': deadLetterPromises,
  'consuming in batches': batchPromises,
  editing: editingPromises,
  'redriving dead letters': redrivePromises,
  'live messages': livePromises,
  'a broker that crashes': restartPromises,
};

/**
 * Registers the suite. `open` gives every test a broker that holds nothing. A test may take ten seconds of the back-end's
 * clock. What is not promised is registered as skipped, with the reason.
 */
export function describeBackend<const Declared extends Capabilities>(
  framework: TestFramework,
  name: string,
  backend: { readonly capabilities: Declared; readonly open: () => Promise<BackendUnderTest<NoInfer<Declared>>> },
): void;
export function describeBackend(
  framework: TestFramework,
  name: string,
  { capabilities, open }: { readonly capabilities: Capabilities; readonly open: Open },
): void {
  const { describe, test } = framework; // (W1)
  describe(name, () => {
    for (const [chapter, promises] of Object.entries(chapters)) {
      describe(chapter, () => {
        for (const { title, needs, prove } of promises) {
          const reason = reasonAgainst(capabilities, needs);
          const run = (): Promise<void> => proveOnStage(open, prove);
          if (reason === null) test(title, run);
          else test.skip(`${title} [not promised: ${reason}]`, run);
        }
      });
    }
  });
}

function reasonAgainst(capabilities: Capabilities, needs: Capability | null): string | null {
  const declared = needs === null ? true : capabilities[needs];
  return declared === true ? null : declared.notPromised;
}

async function proveOnStage(open: Open, prove: BackendPromise['prove']): Promise<void> {
  const stage = new Stage(await open());
  try {
    await stage.prepare();
    await prove(stage);
  } finally {
    await stage.close();
  }
}
