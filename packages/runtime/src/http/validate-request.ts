// Checks every part of a request against its route's contract and reports everything that is wrong at once (Q1).
// The code of the problem is that of the first part with an error: path, query, headers, body.
import { z } from 'zod';
import { Problem } from '../problem/problem.ts';
import type { ProblemItem } from '../problem/problem.ts';
import { readJsonBody } from './json-body.ts';
import { jsonPointer } from './json-pointer.ts';
import { readQuery } from './query-parameters.ts';
import type { RequestContext, RouteContract, RouteRequest } from './route.ts';
import { validationErrors } from './validation-errors.ts';
import type { Locate } from './validation-errors.ts';

export const bodyBytesMaxDefault = 256 * 1024;

/** Of a route that declares none: any parameter is one too many. */
const noQuery = z.strictObject({});

type Part<T> = { readonly code: string; readonly value: T; readonly errors: readonly ProblemItem[] };

const atParameter: Locate = (path) => ({ parameter: path.join('.') });
const atHeader: Locate = (path) => ({ header: path.join('.') });
const atPointer: Locate = (path) => ({ pointer: jsonPointer(path) });

/** @throws Problem 400 `invalid-path`, `invalid-query`, `invalid-header`, `invalid-body`, and those of the body's reading */
export async function validateRequest<
  P extends z.ZodObject,
  Q extends z.ZodObject,
  H extends z.ZodObject,
  B extends z.ZodType,
>(contract: RouteContract<P, Q, H, B>, context: RequestContext): Promise<RouteRequest<P, Q, H, B>> {
  const { raw } = context;
  const query = readQuery(raw.originalUrl, contract.query);
  // Read even if the rest is wrong: the client is told of everything at once, and the connection stays usable.
  const body =
    contract.body === undefined ? undefined : await readJsonBody(raw, contract.bodyBytesMax ?? bodyBytesMaxDefault);
  const parts = {
    params: check('invalid-path', contract.params, raw.params, atParameter),
    query: check('invalid-query', contract.query ?? noQuery, query.values, atParameter, query.errors),
    headers: check('invalid-header', contract.headers, pickHeaders(raw.headers, contract.headers), atHeader),
    body: check('invalid-body', contract.body, body, atPointer),
  };
  refuseIfAnyIsWrong([parts.params, parts.query, parts.headers, parts.body]);
  const { params, headers } = parts;
  // A part without a schema has the type of its type parameter's default, which is what `check` gave it.
  return {
    ...context,
    params: params.value,
    query: parts.query.value,
    headers: headers.value,
    body: parts.body.value,
  } as RouteRequest<P, Q, H, B>;
}

function check(
  code: string,
  schema: z.ZodType | undefined,
  input: unknown,
  locate: Locate,
  known: readonly ProblemItem[] = [],
): Part<unknown> {
  if (schema === undefined) return { code, value: code === 'invalid-body' ? undefined : {}, errors: known };
  // What could not even be read is not checked: its values are not what the client meant.
  if (known.length > 0) return { code, value: undefined, errors: known };
  const result = schema.safeParse(input, { reportInput: true });
  if (result.success) return { code, value: result.data, errors: [] };
  return { code, value: undefined, errors: validationErrors(result.error.issues, locate) };
}

function refuseIfAnyIsWrong(parts: readonly Part<unknown>[]): void {
  const [first] = parts.filter(({ errors }) => errors.length > 0);
  if (first === undefined) return;
  throw new Problem({ status: 400, code: first.code, errors: parts.flatMap(({ errors }) => errors) });
}

function pickHeaders(headers: NodeJS.Dict<string | string[]>, schema: z.ZodObject | undefined): object {
  const names = Object.keys(schema?.shape ?? {});
  return Object.fromEntries(names.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));
}
