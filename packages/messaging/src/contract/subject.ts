// Subject templates: the one place where a subject is put together or taken apart.
// A template is literal tokens and `{parameters}`; what fills a parameter is always encoded, so user input never
// becomes a subject any other way.
import { SubjectError } from './subject-error.ts';
import { decodeToken, encodeToken, isToken } from './token.ts';

/** NATS takes more, but every tool that shows or stores subjects has a limit; ours is this. */
export const SUBJECT_BYTES_MAX = 255;

/** The names between braces in a template, as a type. */
export type ParameterNames<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterNames<Rest>
  : never;

export type SubjectParameters<Template extends string> = {
  readonly [Name in ParameterNames<Template>]: string | number;
};

export type SubjectTemplate<Template extends string = string> = {
  readonly text: Template;
  /** The template with every parameter as `*`: what to subscribe to for all of its subjects. */
  readonly filter: string;
  /** Throws SubjectError: `empty-token`, `ill-formed-text`, `subject-too-long`. */
  build(parameters: SubjectParameters<Template>): string;
  /** Whether it was made from this template: `match` without the parameters. */
  covers(subject: string): boolean;
  /** The decoded parameters of a subject made from this template; null for any other subject. */
  match(subject: string): { readonly [Name in ParameterNames<Template>]: string } | null;
};

/** A token without anything that is encoded. A literal has nothing either that means something to a pattern, or is encoded. */
const PLAIN = '[A-Za-z0-9_-]+';

type Part = { readonly literal: string } | { readonly parameter: string };

/** Reads a template such as `resource.steering.show.{id}.created`. Throws TypeError: a bad template is a programming error. */
export function subjectTemplate<const Template extends string>(text: Template): SubjectTemplate<Template> {
  const parts = text.split('.').map(parsePart);
  const names = parts.flatMap((part) => ('parameter' in part ? [part.parameter] : []));
  // A subject with two values for it would be taken, and one of them lost. (T3)
  if (new Set(names).size < names.length) throw new TypeError(`${text} has one {parameter} twice`);
  // Most ids need no encoding, and then one look tells.
  const plain = new RegExp(`^${parts.map((part) => ('literal' in part ? part.literal : PLAIN)).join('\\.')}$`);
  return {
    text,
    filter: parts.map((part) => ('literal' in part ? part.literal : '*')).join('.'),
    build: (parameters) => build(parts, parameters),
    covers: (subject) => plain.test(subject) || match(parts, subject) !== null,
    // The names come from the template itself, which the type system cannot follow through the split.
    match: (subject) => match(parts, subject) as { readonly [Name in ParameterNames<Template>]: string } | null,
  };
}

function parsePart(token: string): Part {
  const parameter = /^\{([A-Za-z][A-Za-z0-9]*)\}$/.exec(token)?.[1];
  if (parameter !== undefined) return { parameter };
  if (isToken(token)) return { literal: token };
  throw new TypeError(`${JSON.stringify(token)} is neither a token nor a {parameter} of a subject template`);
}

function build(parts: readonly Part[], parameters: Readonly<Record<string, string | number>>): string {
  const subject = parts
    .map((part) => ('literal' in part ? part.literal : encodeToken(String(parameters[part.parameter] ?? ''))))
    .join('.');
  if (subject.length > SUBJECT_BYTES_MAX) {
    throw new SubjectError(
      'subject-too-long',
      `the subject would have ${subject.length} bytes; at most ${SUBJECT_BYTES_MAX} are allowed, so the ids in it must be shorter`,
    );
  }
  return subject;
}

function match(parts: readonly Part[], subject: string): Record<string, string> | null {
  const tokens = subject.split('.');
  if (tokens.length !== parts.length) return null;
  const parameters: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const token = tokens[index] ?? '';
    if ('literal' in part) {
      if (part.literal !== token) return null;
    } else if (isToken(token)) {
      parameters[part.parameter] = decodeToken(token);
    } else return null;
  }
  return parameters;
}
