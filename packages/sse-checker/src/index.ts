// The checker as a library: `check(target, options)` for a verdict.
export { check, type CheckOptions, type Verdict } from './check.ts';
export { UnknownOutcomeError } from './unknown-outcome.ts';
export type { Fault, Numbered, Target, WireEvent } from './target.ts';
export type { Violation } from './witness.ts';
