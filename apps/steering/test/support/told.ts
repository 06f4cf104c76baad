// What is told of a change, in few words: `date.2026-11-25`, `upcoming.now`.
import { decideOnChange, subjectsOf } from '../../src/program/change/decide-messages.ts';
import { at, programOf, VIENNA, type ProgramParts } from './program.ts';

/** Now is a Saturday in week 47, unless another is given. */
export function told(before: ProgramParts, after: ProgramParts, now = '2026-11-21 12:00'): readonly string[] {
  const moment = { nowMs: at(now, after.zone ?? VIENNA), toldUntilMs: null };
  return subjectsOf(decideOnChange(programOf(before), programOf(after), moment)).map(shortSubject);
}

export function shortSubject(subject: string): string {
  return subject.replace(/^program\.planned\.(.*)\.updated$/, '$1');
}
