// RFC 9457 problems, and which field of a form each part of one belongs to.
import { isRecord } from '../is-record.ts';

export type ProblemPart = {
  /** RFC 6901, with or without the leading `#` of a URI fragment; '' is the whole body. */
  readonly pointer: string;
  /** Stable, e.g. `too_short`; null when the service gives none. */
  readonly code: string | null;
  readonly detail: string;
};

export type Problem = {
  readonly status: number;
  readonly title: string;
  readonly code: string | null;
  readonly detail: string | null;
  readonly parts: readonly ProblemPart[];
};

/** What to show at each field, and what belongs to none of them. */
export type FormErrors = { readonly fields: Readonly<Record<string, string>>; readonly form: string | null };

/** Reads the body of an answer as a problem; a body that is none still says its status. */
export function readProblem(status: number, body: unknown): Problem {
  const { title, code, detail, errors } = isRecord(body) ? body : {};
  return {
    status,
    title: typeof title === 'string' ? title : `The server answered ${status}`,
    code: typeof code === 'string' ? code : null,
    detail: typeof detail === 'string' ? detail : null,
    parts: Array.isArray(errors) ? errors.flatMap(readPart) : [],
  };
}

/** One sentence for a problem as a whole. */
export function sentenceOf({ title, detail }: Problem): string {
  return detail ?? title;
}

/** Sorts the parts of a problem to the fields of a form; a part deep inside a field belongs to that field. */
export function formErrorsOf(problem: Problem, fields: readonly string[]): FormErrors {
  const byField: Record<string, string> = {};
  const elsewhere: string[] = [];
  for (const part of problem.parts) {
    const field = firstToken(part.pointer);
    const detail = explain(part);
    if (fields.includes(field)) byField[field] = field in byField ? `${byField[field]} ${detail}` : detail;
    else elsewhere.push(field === '' ? detail : `${field}: ${detail}`);
  }
  const covered = problem.parts.length > 0 && elsewhere.length === 0;
  const form = covered ? null : elsewhere.length > 0 ? elsewhere.join(' ') : sentenceOf(problem);
  return { fields: byField, form };
}

function readPart(part: unknown): readonly ProblemPart[] {
  if (!isRecord(part) || typeof part['detail'] !== 'string') return [];
  const { pointer, code, detail } = part;
  return [
    { pointer: typeof pointer === 'string' ? pointer : '', code: typeof code === 'string' ? code : null, detail },
  ];
}

/** For people: what a schema says of the commonest mistakes is written for programmers. */
function explain({ code, detail }: ProblemPart): string {
  if (code === 'required' || code === 'too_short') return 'Something is needed here.';
  if (code === 'too_long') return 'This is too long.';
  return detail === ''
    ? detail
    : `${detail.charAt(0).toUpperCase()}${detail.slice(1)}${/[.!?]$/.test(detail) ? '' : '.'}`;
}

function firstToken(pointer: string): string {
  const [, token = ''] = pointer.split('/');
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}
