// Parses a request body as I-JSON (RFC 7493): the JSON that every implementation reads alike and Postgres can
// store. Exists because JSON.parse keeps lone surrogates and NUL, rounds 2^53+1, lets the last of two equal
// names win and makes `__proto__` an own property, all silently (Q2, Q3).
// Does not know any schema.
import type { ProblemItem } from '../problem/problem.ts';
import { jsonPointer } from './json-pointer.ts';
import { unstorable } from './storable-text.ts';

export type IJsonResult =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'malformed'; readonly detail: string }
  | { readonly kind: 'unacceptable'; readonly errors: readonly ProblemItem[] };

/** Deeper documents are attacks on recursive code, ours or that of whoever reads what we stored. */
const nestingMax = 64;
/** A flood of bad strings must not become a flood of error items. */
const errorsMax = 100;

export function parseIJson(bytes: Uint8Array): IJsonResult {
  const text = decode(bytes);
  if (text === undefined) return { kind: 'malformed', detail: 'The body is not valid UTF-8.' };
  const parsed = parse(text);
  if (parsed === undefined) return { kind: 'malformed', detail: 'The body is not valid JSON.' };
  const inspection = new Inspection();
  inspection.visit(parsed.value);
  if (inspection.errors.length > 0) return { kind: 'unacceptable', errors: inspection.errors };
  // A name that JSON.parse dropped because it came twice is in the text and not in the value.
  if (inspection.namesCount !== countNames(text)) return { kind: 'unacceptable', errors: [duplicateName] };
  return { kind: 'value', value: parsed.value };
}

const duplicateName: ProblemItem = {
  pointer: '',
  code: 'duplicate_name',
  detail: 'A name occurs twice in the same object.',
};

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // The only failure of a fatal decoder is malformed input, which is the answer.
    return undefined;
  }
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // V8's message quotes the input, which may hold a secret; the caller only learns that it is malformed.
    return undefined;
  }
}

/** `text` is valid JSON, so a string followed by a colon is a name and nothing else is. */
function countNames(text: string): number {
  let count = 0;
  for (const [, colon] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"\s*(:?)/g)) if (colon === ':') count += 1;
  return count;
}

class Inspection {
  readonly errors: ProblemItem[] = [];
  namesCount = 0;
  readonly #path: (string | number)[] = [];

  /** Recursion is safe: it stops at `nestingMax`. */
  visit(value: unknown): void {
    if (typeof value === 'string') this.#report(unstorable(value));
    else if (typeof value === 'number') this.#report(inexact(value));
    else if (typeof value === 'object' && value !== null) this.#visitInside(value);
  }

  #visitInside(container: object): void {
    if (this.#path.length >= nestingMax) {
      this.#report({ code: 'too_deep', detail: `The nesting is deeper than ${nestingMax}.` });
      return;
    }
    if (Array.isArray(container)) return container.forEach((item, index) => this.#visitAt(index, item));
    for (const [name, member] of Object.entries(container)) {
      this.namesCount += 1;
      this.#report(unacceptableName(name));
      this.#visitAt(name, member);
    }
  }

  #visitAt(step: string | number, value: unknown): void {
    this.#path.push(step);
    this.visit(value);
    this.#path.pop();
  }

  #report(fault: Omit<ProblemItem, 'pointer'> | undefined): void {
    if (fault === undefined || this.errors.length >= errorsMax) return;
    this.errors.push({ pointer: jsonPointer(this.#path), ...fault });
  }
}

/** Integers beyond ±(2^53 - 1) arrive rounded, and 1e400 as Infinity. */
function inexact(value: number): Omit<ProblemItem, 'pointer'> | undefined {
  const isExact = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
  return isExact
    ? undefined
    : { code: 'inexact_number', detail: 'The number is beyond ±(2^53 - 1); send it as a string.' };
}

function unacceptableName(name: string): Omit<ProblemItem, 'pointer'> | undefined {
  if (name === '__proto__') return { code: 'unknown_field', detail: "The name '__proto__' is not allowed." };
  return unstorable(name);
}
