// How every Jest run of the repository is configured. The suffix of a test file says what it needs:
// `.test.ts` nothing, `.int.test.ts` a nats-server and a Postgres, `.e2e.test.ts` the whole running system.
// LONGWAVE_TESTS picks one of the three; `tools/src/test.ts` runs them in turn.
import { fileURLToPath } from 'node:url';

const kind = process.env['LONGWAVE_TESTS'] ?? 'unit';
const patterns = {
  unit: ['**/*.test.ts', '!**/*.int.test.ts', '!**/*.e2e.test.ts'],
  int: ['**/*.int.test.ts'],
  e2e: ['**/*.e2e.test.ts'],
};
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export default {
  rootDir: here('../..'),
  roots: ['<rootDir>/apps', '<rootDir>/packages', '<rootDir>/infra', '<rootDir>/tools', '<rootDir>/tests'],
  testMatch: patterns[kind],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      here('../node_modules/@swc/jest/index.js'),
      { module: { type: 'es6' }, jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, sourceMaps: 'inline' },
    ],
  },
  // Packages are tested as their sources, not as what was last built.
  testEnvironmentOptions: { customExportConditions: ['@longwave/source', 'node', 'node-addons'] },
  // One Postgres for the whole run; every test gets a database of its own from a template.
  ...(kind === 'int' ? { globalSetup: here('./start-postgres.ts'), globalTeardown: here('./stop-postgres.ts') } : {}),
  testTimeout: { unit: 10_000, int: 60_000, e2e: 180_000 }[kind],
  // End-to-end tests each run a whole station; two at once on two cores would only time each other out.
  maxWorkers: kind === 'e2e' ? 1 : 2,
  reporters: ['default', [here('./count-reporter.mjs'), {}]],
};
