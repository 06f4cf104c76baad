// `npm test`: every check and every test, cheap ones first, the same here and in CI. The last line is
// `N passed, N failed`, where a check counts as one and every test as one.
import { createProgress } from './station/progress.ts';
import { prepare } from './station/prepare.ts';
import { checks } from './checks/checks.ts';
import { runJest, testKinds, type Counts, type TestKind } from './run-jest.ts';

const HELP = `npm test [-- --only checks|unit|int|e2e] [-- path…]
  everything, or one part of it; paths narrow the tests down
npm run soak
  the same tests with full counts: property tests, fault injection, fuzzing (tens of minutes)
npm run check
  only the checks: format, lint, types, dependency rules, migrations`;

type Part = 'checks' | TestKind;

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) return console.log(HELP);
  const only = args.includes('--only') ? args[args.indexOf('--only') + 1] : undefined;
  const paths = args.filter((argument, index) => !argument.startsWith('--') && args[index - 1] !== '--only');
  const parts: readonly Part[] = (['checks', ...testKinds] as const).filter(
    (part) => only === undefined || part === only,
  );
  if (parts.length === 0) throw new Error(`--only ${only} is none of checks, ${testKinds.join(', ')}`);
  const progress = createProgress((text) => console.log(text), process.stdout.isTTY === true);
  await progress.step('sources generated', () => prepare(['generate', '@longwave/dashboard#build']));
  const total = { passed: 0, failed: 0 };
  for (const part of parts) {
    const counts =
      part === 'checks' ? await runChecks() : await runJest(part, { paths, soak: args.includes('--soak') });
    total.passed += counts.passed;
    total.failed += counts.failed;
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  // A run that tested nothing has not passed.
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
}

async function runChecks(): Promise<Counts> {
  const counts = { passed: 0, failed: 0 };
  const progress = createProgress((text) => console.log(text), process.stdout.isTTY === true);
  for (const { name, run } of checks) {
    try {
      await progress.step(name, run);
      counts.passed += 1;
    } catch (error) {
      console.log(error instanceof Error ? error.message : error);
      counts.failed += 1;
    }
  }
  return counts;
}

for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));
const end = (): never => process.exit(1);
process.on('disconnect', end);
await main();
// The channel to the bootstrap process would keep this one alive; that we close it is no reason to fail.
process.off('disconnect', end);
if (process.connected) process.disconnect();
