// The rules of the house that no off-the-shelf tool knows: how files open, where the doors are, and who may import whom
// inside a workspace. (Between workspaces `turbo boundaries` watches.) Imports are found as text, which is enough: the
// formatter writes them all alike.
import { readFile } from 'node:fs/promises';
import { inRepository } from '../station/repository.ts';
import { trackedFiles } from './tracked-files.ts';

type SourceFile = {
  readonly path: string;
  readonly text: string;
  /** What is imported for more than its types. */
  readonly imports: readonly string[];
};

type Rule = {
  readonly says: string;
  /** Which files it is about. */
  readonly about: (path: string) => boolean;
  /** What is wrong with one of them; undefined when nothing is. */
  readonly violation: (file: SourceFile) => string | undefined;
};

const isTest = (path: string): boolean => /\.test\.ts$|\/test\/|^tests\/|\/testing\//.test(path);
const isApp = (path: string): boolean => /^apps\/(?!dashboard\/)[^/]+\/src\//.test(path) && !isTest(path);
const isPackage = (path: string): boolean => /^(packages|infra)\/[^/]+\/src\//.test(path) && !isTest(path);
const isSource = (path: string): boolean =>
  isApp(path) || isPackage(path) || /^(apps\/dashboard|tools)\/src\//.test(path);

const importing =
  (pattern: RegExp) =>
  (file: SourceFile): string | undefined =>
    file.imports.find((name) => pattern.test(name));
const saying =
  (pattern: RegExp) =>
  (file: SourceFile): string | undefined =>
    pattern.exec(withoutComments(file.text))?.[0];

const rules: readonly Rule[] = [
  {
    says: 'a file opens with what it is and why',
    // A test file is about the promises in its titles.
    about: (path) => !path.endsWith('.test.ts') && !path.endsWith('.d.ts'),
    violation: ({ text }) => (/^(#!.*\n)?(\/\/|\/\*)/.test(text) ? undefined : (text.split('\n')[0] ?? '')),
  },
  {
    says: 'only main.ts reads the environment, handles signals or exits',
    about: (path) => isApp(path) && !/\/(main|cli)\.ts$/.test(path),
    violation: saying(/\bprocess\.(env|exit|on|once)\b/),
  },
  {
    says: 'domain code imports contracts, schemas, pure functions and itself, nothing else',
    about: (path) => isApp(path) && path.includes('/src/domain/'),
    violation: importing(
      /^(?!zod$|semver$|node:(?:crypto|util)$|@longwave\/contracts$|@longwave\/messaging\/contract$|\.\/)/,
    ),
  },
  {
    says: 'the program imports the arithmetic of time, hashes and itself, nothing else',
    about: (path) => isApp(path) && path.includes('/src/program/'),
    violation: importing(/^(?!temporal-polyfill$|node:crypto$|\.\.?\/(?!\.\.))/),
  },
  {
    says: 'domain code has no clock, no chance and no timer of its own',
    about: (path) => isApp(path) && /\/src\/(domain|program)\//.test(path),
    violation: saying(/\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\brandomUUID\b|\bset(Timeout|Interval)\b/),
  },
  {
    says: 'only store/ imports the generated database client',
    about: (path) => isApp(path) && !path.includes('/src/store/'),
    violation: importing(/^#prisma|\/generated\//),
  },
  {
    says: 'the NATS client is imported in packages/messaging and infra/streams alone',
    about: (path) => isSource(path) && !/^(packages\/messaging|infra\/streams)\//.test(path),
    violation: importing(/^@nats-io\//),
  },
  {
    says: 'embedded servers are for tools and tests',
    about: (path) =>
      isApp(path) || (isPackage(path) && !path.startsWith('packages/embedded/') && !path.endsWith('/cli.ts')),
    violation: importing(/^@longwave\/embedded/),
  },
  {
    says: 'no file imports the entry of its own package',
    about: (path) => isApp(path) || isPackage(path),
    violation: importing(/^\.\.?\/(?:.*\/)?index\.ts$/),
  },
  {
    says: 'an entry lists what it exports',
    about: isSource,
    violation: saying(/^export \*/m),
  },
];

/** Rejects with one line for every violation. */
export async function checkStructure(): Promise<void> {
  const paths = (await trackedFiles('*.ts', '*.tsx', '*.mjs')).filter((path) => !/\/(generated|dist)\//.test(path));
  const files = await Promise.all(paths.map(readSource));
  const violations = files.flatMap((file) =>
    rules.flatMap((rule) => {
      const found = rule.about(file.path) ? rule.violation(file) : undefined;
      return found === undefined ? [] : [`${file.path}: ${rule.says} (${found.trim().slice(0, 80)})`];
    }),
  );
  violations.push(...missingDoors(paths));
  if (violations.length > 0) throw new Error(violations.join('\n'));
}

/** Every service has the same three; a command has one, `cli.ts`. */
function missingDoors(paths: readonly string[]): readonly string[] {
  const all = paths.filter(isApp).map((path) => path.split('/').slice(0, 2).join('/'));
  const apps = new Set(all.filter((app) => !paths.includes(`${app}/src/cli.ts`)));
  const doors = [...apps].flatMap((app) => ['main', 'config', 'start'].map((door) => `${app}/src/${door}.ts`));
  return doors
    .filter((door) => !paths.includes(door))
    .map((door) => `${door}: every service has main, config and start`);
}

async function readSource(path: string): Promise<SourceFile> {
  const text = await readFile(inRepository(path), 'utf8');
  const code = text.replaceAll(/^(import|export) type [\s\S]*?;$/gm, '');
  const imports = [...code.matchAll(/(?:\bfrom|\bimport\(|^import) ?'([^']+)'/gm)].map(([, name = '']) => name);
  return { path, text, imports };
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '$1');
}
