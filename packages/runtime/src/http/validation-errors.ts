// Says what a zod schema did not like in the words of our API: one item per problem, with a stable code.
import type { z } from 'zod';
import type { ProblemItem } from '../problem/problem.ts';

/** Where something is wrong, in terms of the part of the request that was checked. */
export type Locate = (path: readonly PropertyKey[]) => Pick<ProblemItem, 'pointer' | 'parameter' | 'header'>;

/** A request can be wrong in more ways than anyone reads. */
const errorsMax = 100;

/** Expects issues made with `reportInput`, to tell a missing value from one of a wrong type. */
export function validationErrors(issues: readonly z.core.$ZodIssue[], locate: Locate): readonly ProblemItem[] {
  return issues.flatMap((issue) => itemsOf(issue, locate)).slice(0, errorsMax);
}

function itemsOf(issue: z.core.$ZodIssue, locate: Locate): readonly ProblemItem[] {
  if (issue.code !== 'unrecognized_keys') {
    return [{ ...locate(issue.path), code: codeOf(issue), detail: issue.message }];
  }
  return issue.keys.map((key) => ({
    ...locate([...issue.path, key]),
    code: 'unknown_field',
    detail: 'There is no such field.',
  }));
}

function codeOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'required' : 'wrong_type';
    case 'too_big':
      return sizeCodes[issue.origin]?.big ?? 'too_large';
    case 'too_small':
      return sizeCodes[issue.origin]?.small ?? 'too_small';
    case 'invalid_value':
      return issue.input === undefined ? 'required' : 'not_allowed';
    case 'custom':
      return customCodeOf(issue);
    case 'invalid_format':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'unrecognized_keys':
      return issue.code;
  }
}

const sizeCodes: Readonly<Record<string, { readonly big: string; readonly small: string }>> = {
  string: { big: 'too_long', small: 'too_short' },
  array: { big: 'too_many', small: 'too_few' },
  set: { big: 'too_many', small: 'too_few' },
};

/** A refinement names its code with `params: { code: 'end_before_start' }`. */
function customCodeOf(issue: z.core.$ZodIssueCustom): string {
  const code: unknown = issue.params?.['code'];
  return typeof code === 'string' ? code : 'invalid';
}
