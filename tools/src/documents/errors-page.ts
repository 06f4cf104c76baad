// docs/errors.md: every problem code there is, who answers it, what it means and what to do.
import type { DeclaredProblem } from './declared-problems.ts';
import { code, fence, table } from './markdown.ts';
import { deadLetterCodes, messagingCodes } from './messaging-codes.ts';
import {
  adviceByCode,
  itemCodes,
  problemsOfEveryService,
  problemsOfTheGateway,
  type Advice,
  type GeneralProblem,
} from './problem-codes.ts';

/** Throws Error when a code is declared that nothing is said of, or something is said of a code that nobody answers. */
export function errorsPage(declared: readonly DeclaredProblem[], services: readonly string[]): string {
  refuseIdleAdvice(declared);
  return [
    head,
    '## By a route',
    `In the order of the codes; the routes are below the base path of their service (${services.map(linkToApi).join(', ')}).`,
    table(['code', 'status', 'says', 'what to do', 'answered by'], declaredRows(declared)),
    '## By every service',
    'Before a route is reached, or instead of what it would have answered.',
    generalTable(problemsOfEveryService),
    '## By the gateway',
    'Itself, when it does not pass on what a service answers.',
    generalTable(problemsOfTheGateway),
    '## What exactly is wrong',
    itemsIntroduction,
    table(
      ['code', 'says'],
      Object.entries(itemCodes).map(([item, says]) => [code(item), says]),
    ),
    '## In code',
    'What `@longwave/messaging` throws or rejects with, and how a configuration that is wrong ends. Decide by `code`, here, too.',
    table(['class', 'code', 'says', 'what to do'], messagingRows()),
    '## In dead letters',
    'Their `lw-cause`; `lw-error` says more, and the letter has the bytes of the message. See [operations](operations/README.md).',
    table(
      ['cause', 'says', 'what to do'],
      Object.entries(deadLetterCodes).map(([cause, { says, next }]) => [code(cause), says, next]),
    ),
  ].join('\n\n');
}

const head = `<!-- Generated from the services by \`npm run documents\`. What the codes mean: tools/src/documents/problem-codes.ts. -->

# Errors

Every error is a problem document (RFC 9457), of the type \`application/problem+json\`:

${fence(
  'json',
  JSON.stringify(
    {
      type: '/problems/slug-taken',
      title: 'Slug taken',
      status: 409,
      code: 'slug-taken',
      detail: 'Another show has the slug morning-wave. Choose another.',
      instance: 'urn:uuid:01a1fdfa-4600-7c3e-9d5b-2f1a60c8e4b7',
    },
    null,
    2,
  ),
)}

Decide by \`code\`: it stays as it is. \`detail\` is for people and may change. \`instance\` finds the line in the log. Where
there is a \`Retry-After\`, the same request may succeed later; anything else stays wrong until it is changed. Nothing was
stored unless the table says that it may have been.`;

const itemsIntroduction = `\`errors\` of an \`invalid-…\` problem lists everything that is wrong at once, each with a \`code\`, a \`detail\` for people, and
where: \`pointer\` (a JSON pointer into the body), \`parameter\` or \`header\`. A rule of one resource has the code of its
problem, with underscores: \`unknown_predecessor\`.`;

function refuseIdleAdvice(declared: readonly DeclaredProblem[]): void {
  const answered = new Set([...declared, ...problemsOfEveryService, ...problemsOfTheGateway].map((each) => each.code));
  const idle = Object.keys(adviceByCode).filter((name) => !answered.has(name));
  if (idle.length > 0) throw new Error(`problem-codes.ts speaks of codes that nobody answers: ${idle.join(', ')}`);
}

function adviceFor(name: string): Advice {
  const advice = adviceByCode[name];
  if (advice !== undefined) return advice;
  throw new Error(`Say in tools/src/documents/problem-codes.ts what ${name} means and what to do about it.`);
}

function declaredRows(declared: readonly DeclaredProblem[]): readonly (readonly string[])[] {
  const byCode = Map.groupBy(declared, (problem) => `${problem.code} ${problem.status}`);
  return [...byCode.values()]
    .flatMap((problems) => problems.slice(0, 1).map((first) => ({ ...first, problems })))
    .toSorted((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : a.status - b.status))
    .map(({ code: name, status, problems }) => {
      const { says, next } = adviceFor(name);
      return [code(name), String(status), says, next, answeredBy(problems)];
    });
}

/** `steering` at `PUT /shows/{id}/`, … — a service that answers it at every turn is not told turn by turn. */
function answeredBy(problems: readonly DeclaredProblem[]): string {
  const byService = Map.groupBy(problems, ({ service }) => service);
  return [...byService]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([service, routes]) => (routes.length > ROUTES_SHOWN ? service : `${service} ${routesOf(routes)}`))
    .join('; ');
}

const ROUTES_SHOWN = 3;

function routesOf(problems: readonly DeclaredProblem[]): string {
  return problems.map(({ route }) => code(route)).join(', ');
}

function messagingRows(): readonly (readonly string[])[] {
  return Object.entries(messagingCodes).flatMap(([name, codes]) =>
    Object.entries(codes).map(([each, { says, next }]) => [code(name), code(each), says, next]),
  );
}

function generalTable(problems: readonly GeneralProblem[]): string {
  const rows = problems.map(({ status, code: name }) => {
    const { says, next } = adviceFor(name);
    return [code(name), String(status), says, next];
  });
  return table(['code', 'status', 'says', 'what to do'], rows);
}

function linkToApi(service: string): string {
  return `[${service}](openapi/${service}.json)`;
}
