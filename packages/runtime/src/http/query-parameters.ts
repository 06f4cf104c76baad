// The query of a URL as a plain record, nothing dropped (Q2): broken percent-encoding and a repeated parameter are
// errors, where Express would guess. A parameter whose schema is an array may come several times.
import { z } from 'zod';
import type { ProblemItem } from '../problem/problem.ts';
import { unstorable } from './storable-text.ts';

export type QueryParameters = {
  readonly values: Readonly<Record<string, string | readonly string[]>>;
  readonly errors: readonly ProblemItem[];
};

export function readQuery(url: string, schema: z.ZodObject | undefined): QueryParameters {
  const start = url.indexOf('?');
  const search = start === -1 ? '' : url.slice(start + 1);
  if (!isDecodable(search)) {
    return {
      values: {},
      errors: [{ parameter: '', code: 'invalid_encoding', detail: 'The query has a broken % escape.' }],
    };
  }
  const parameters = new URLSearchParams(search);
  const names = [...new Set(parameters.keys())];
  const read = names.map((name) => readOne(name, parameters.getAll(name), schema?.shape[name]));
  return {
    values: Object.fromEntries(read.map(({ name, value }) => [name, value])),
    errors: read.flatMap(({ errors }) => errors),
  };
}

function readOne(name: string, values: readonly string[], schema: unknown) {
  const [first = ''] = values;
  const isMany = takesMany(schema);
  const errors: ProblemItem[] = values.flatMap((value) => {
    const fault = unstorable(value);
    return fault === undefined ? [] : [{ parameter: name, ...fault }];
  });
  if (!isMany && values.length > 1) {
    errors.push({ parameter: name, code: 'repeated', detail: 'The parameter may be given once only.' });
  }
  return { name, value: isMany ? values : first, errors };
}

/** Looks through `.optional()`, `.default()` and pipes for an array. */
function takesMany(schema: unknown): boolean {
  if (schema instanceof z.ZodArray) return true;
  if (schema instanceof z.ZodPipe) return takesMany(schema.in);
  const isWrapper =
    schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
  return isWrapper && takesMany(schema.unwrap());
}

function isDecodable(search: string): boolean {
  try {
    decodeURIComponent(search.replaceAll('+', ' '));
    return true;
  } catch {
    // URIError is the only failure, and the answer.
    return false;
  }
}
