// Turns the environment into one frozen, typed value, or into the whole list of what is wrong with it (S1).
// Exists so that a wrong deployment is fixed in one round and fails before anything is opened.
// Does not read `process.env` itself, and never repeats a value: any of them may be a secret.
import { z } from 'zod';
import { settingTexts } from './setting-texts.ts';

export type ConfigProblem = { readonly name: string; readonly problem: string };

/** The environment does not satisfy the schema; `problems` names every variable and what is expected of it. */
export class ConfigError extends Error {
  readonly code = 'config-invalid';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const widthMax = Math.max(...problems.map(({ name }) => name.length));
    const lines = problems.map(({ name, problem }) => `  ${name.padEnd(widthMax)}  ${problem}`);
    const count = problems.length === 1 ? '1 setting is' : `${problems.length} settings are`;
    super([`${count} wrong in the environment; set and start again:`, ...lines].join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/**
 * Reads the keys of `schema`, which are the names of environment variables; other variables are ignored, but for
 * NAME_FILE, which names a file with the value of NAME (S7). An empty string counts as unset.
 * Describe a key with `.meta({ description })`: the text is printed as what is expected.
 * @throws ConfigError with all problems together
 */
export function readConfig<S extends z.ZodObject>(schema: S, env: NodeJS.ProcessEnv): Readonly<z.infer<S>> {
  const { texts, problems } = settingTexts(Object.keys(schema.shape), env);
  const result = schema.safeParse(texts);
  if (result.success && problems.length === 0) return Object.freeze(result.data);
  const issues = result.success ? [] : result.error.issues.map((issue) => describe(schema, texts, issue));
  const explained = new Set(problems.map(({ name }) => name.replace(/_FILE$/, '')));
  throw new ConfigError([...problems, ...issues.filter(({ name }) => !explained.has(name))]);
}

function describe(schema: z.ZodObject, set: Readonly<Record<string, unknown>>, issue: z.core.$ZodIssue): ConfigProblem {
  const name = String(issue.path[0] ?? '(all)');
  if (issue.code === 'custom') return { name, problem: issue.message };
  const expected = descriptionOf(schema, name) ?? issue.message.replace(/^.*\bexpected /, '');
  return { name, problem: `${name in set ? 'is wrong' : 'is not set'}; expected: ${expected}` };
}

function descriptionOf(schema: z.ZodObject, name: string): string | undefined {
  const field = schema.shape[name];
  return field instanceof z.ZodType ? field.description : undefined;
}
