// What the environment says of each setting: in a variable of its name, or in the file that NAME_FILE names (S7). Files
// are how containers are given secrets, which a variable would show to everyone who may inspect the container.
import { readFileSync } from 'node:fs';
import { isNativeError } from 'node:util/types';
import type { ConfigProblem } from './read-config.ts';

export type SettingTexts = {
  /** Of the names that are set. An empty text counts as unset. */
  readonly texts: Readonly<Record<string, string>>;
  readonly problems: readonly ConfigProblem[];
};

/** Reads files, once, at the start; a line break at the end of a file is not part of the value. */
export function settingTexts(names: readonly string[], env: NodeJS.ProcessEnv): SettingTexts {
  const texts: Record<string, string> = {};
  const problems: ConfigProblem[] = [];
  for (const name of names) {
    const variable = env[name] ?? '';
    const file = env[`${name}_FILE`] ?? '';
    if (variable !== '' && file !== '') problems.push({ name, problem: `is set, and so is ${name}_FILE; keep one` });
    const text = variable === '' && file !== '' ? textOf(name, file, problems) : variable;
    if (text !== '') texts[name] = text;
  }
  return { texts, problems };
}

/** Empty when it cannot be read, which is a problem. */
function textOf(name: string, file: string, problems: ConfigProblem[]): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const reason = isNativeError(error) && 'code' in error ? String(error.code) : 'unknown reason';
    problems.push({ name: `${name}_FILE`, problem: `names a file that cannot be read: ${reason}` });
    return '';
  }
}
