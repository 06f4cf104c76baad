import { describe, expect, test } from '@jest/globals';
import { glob, readFile } from 'node:fs/promises';
import { repositoryRoot } from '../station/repository.ts';
import { declaredProblems } from './declared-problems.ts';
import { errorsPage } from './errors-page.ts';
import { deadLetterCodes, messagingCodes } from './messaging-codes.ts';
import { adviceByCode, itemCodes, problemsOfEveryService, problemsOfTheGateway } from './problem-codes.ts';

const everywhere = new Set([...problemsOfEveryService, ...problemsOfTheGateway].map(({ code }) => code));
/** Somebody answers everything that is spoken of. */
const declared = Object.keys(adviceByCode)
  .filter((code) => !everywhere.has(code))
  .map((code) => ({ code, status: 400, service: 'steering', route: 'GET /masts/' }));

test('a code is told with its status, its routes and what to do', () => {
  const page = errorsPage(
    declared.map((problem) => (problem.code === 'slug-taken' ? { ...problem, status: 409 } : problem)),
    ['steering'],
  );
  expect(page).toMatch(/\| `slug-taken` \| 409 \| Another show .* \| Choose another.* \| steering `GET \/masts\/` \|/);
});

test('a code of which nothing is said is refused, and so is advice about a code that nobody answers', () => {
  const unheardOf = { code: 'mast-down', status: 409, service: 'steering', route: 'GET /masts/' };
  expect(() => errorsPage([...declared, unheardOf], [])).toThrow(/problem-codes\.ts what mast-down means/);
  expect(() => errorsPage(declared.slice(1), [])).toThrow(/codes that nobody answers/);
});

test('codes are read off an OpenAPI document as the runtime writes it, and other responses are left alone', () => {
  const problem = { allOf: [{}, { properties: { code: { enum: ['slug-taken', 'in-use'] } } }] };
  const responses = {
    200: { description: 'fine' },
    409: { content: { 'application/problem+json': { schema: problem } } },
    default: { content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
  };
  const document = { paths: { '/shows/{id}/': { delete: { responses } } } };
  expect(declaredProblems({ service: 'steering', document })).toEqual([
    { code: 'slug-taken', status: 409, service: 'steering', route: 'DELETE /shows/{id}/' },
    { code: 'in-use', status: 409, service: 'steering', route: 'DELETE /shows/{id}/' },
  ]);
});

/** What is answered beside routes is declared nowhere but in the code, so it is found there as text. */
describe('the lists of what is answered beside routes hold all there is, with its status', () => {
  test.each([
    ['packages/runtime/src/http', problemsOfEveryService],
    ['apps/gateway/src', problemsOfTheGateway],
  ])('%s', async (folder, listed) => {
    const found = await matches(folder, /status: (\d{3}),\s+code: '([a-z-]+)'/g);
    expect(found.length).toBeGreaterThan(0);
    for (const [, status, code] of found) expect(listed).toContainEqual({ status: Number(status), code });
  });

  test('and nothing that there is not', async () => {
    const literals = await matches('{packages/runtime,apps/gateway}/src', /'([a-z]+(?:[-_][a-z]+)*)'/g);
    const named = new Set(literals.map(([, literal]) => literal));
    const listed = [...everywhere, ...Object.keys(itemCodes)];
    expect(listed.filter((code) => !named.has(code))).toEqual([]);
  });

  test('the codes of items', async () => {
    const found = await matches(
      'packages/runtime/src/http',
      /\{ (?:pointer: '', |parameter: \S+, )?code: '([a-z]+(?:_[a-z]+)*)'/g,
    );
    expect(found.length).toBeGreaterThan(0);
    for (const [, code = ''] of found) expect(Object.keys(itemCodes)).toContain(code);
  });
});

describe('the errors of messages are all there', () => {
  /** What only the package itself catches, and what handlers throw, which has no code. */
  const notCaught = ['UnreadableMessageError', 'CrashedError', 'DirectGetError', 'ConsumingStreamError'];
  const thrownByHandlers = ['Reject', 'Unavailable', 'Refusal'];

  test('every class', async () => {
    const found = await matches('packages/messaging/src', /class (\w+) extends Error/g);
    const classes = found.map(([, name = '']) => name);
    expect(classes.length).toBeGreaterThan(10);
    const listed = [...Object.keys(messagingCodes), ...notCaught, ...thrownByHandlers];
    expect(classes.filter((name) => !listed.includes(name))).toEqual([]);
  });

  test('every cause of a dead letter, and no other', async () => {
    const [found] = await matches('packages/messaging/src/consume', /deadLetterCauses = \[([^\]]+)\]/g);
    const causes = [...(found?.[1] ?? '').matchAll(/'([a-z-]+)'/g)].map(([, cause]) => cause);
    expect(new Set(Object.keys(deadLetterCodes))).toEqual(new Set(causes));
  });
});

async function matches(folder: string, pattern: RegExp): Promise<readonly RegExpMatchArray[]> {
  const found: RegExpMatchArray[] = [];
  for await (const path of glob(`${folder}/**/*.ts`, { cwd: repositoryRoot })) {
    if (path.endsWith('.test.ts')) continue;
    const text = await readFile(`${repositoryRoot}/${path}`, 'utf8');
    found.push(...text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').matchAll(pattern));
  }
  return found;
}
