// What the documents and the help tell people to type is taken: a command that does not parse teaches nothing.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { dlqUsage } from '../src/dlq/dlq-command.ts';
import { startStation, type Station } from './support/dead-letters.ts';
import { exitCodes, runCommand } from './support/run-command.ts';

let station: Station;

beforeAll(async () => {
  station = await startStation();
});
afterAll(() => station.stop());

/** Every command in `text`, as arguments, without what the shell makes of it. */
function commandsIn(text: string): readonly (readonly string[])[] {
  const lines = text
    .split('\n')
    .flatMap((line) => /^\s*(?:npm run longwave --|longwave) (dlq .*)$/.exec(line)?.[1] ?? []);
  return lines.map((line) =>
    line
      .replace(/ {2,}.*|[#|].*$/, '')
      .replaceAll(/<identity>…?/g, 'events:1:1:resolver')
      .trim()
      .split(/ +/),
  );
}

const documents = ['apps/cli/README.md', 'docs/operations/README.md', 'docs/operations/dead-letters.md'] as const;

test.each(documents)('every command in %s is one', async (path) => {
  const text = await readFile(new URL(`../../../${path}`, import.meta.url), 'utf8');
  const commands = commandsIn(text);
  expect(commands.length).toBeGreaterThan(3);
  for (const argv of commands) {
    const { code, errors } = await runCommand(station.broker, argv, { answer: 'y' });
    expect({ argv, code, errors }).not.toMatchObject({ code: exitCodes.usage });
  }
});

test('every command in the help is one', async () => {
  for (const argv of commandsIn(dlqUsage)) {
    const { code, errors } = await runCommand(station.broker, argv, { answer: 'y' });
    expect({ argv, code, errors }).not.toMatchObject({ code: exitCodes.usage });
  }
});
