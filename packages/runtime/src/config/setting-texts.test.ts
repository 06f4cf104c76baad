// Settings that are files.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { ConfigError, readConfig } from './read-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'longwave-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

const schema = z.object({ DATABASE_URL: z.url().meta({ description: 'the Postgres of this service' }) });
const url = 'postgres://u:hunter2@db/steering';

function file(text: string): string {
  const path = join(folder, 'secret');
  writeFileSync(path, text);
  return path;
}

describe('a setting in a file (S7)', () => {
  test.each([url, `${url}\n`, `${url}\r\n`])('is what the file says', (text) => {
    expect(readConfig(schema, { DATABASE_URL_FILE: file(text) })).toEqual({ DATABASE_URL: url });
  });

  test('is reported by the name of the variable when the file cannot be read', () => {
    const read = () => readConfig(schema, { DATABASE_URL_FILE: join(folder, 'none') });
    expect(read).toThrow('DATABASE_URL_FILE  names a file that cannot be read: ENOENT');
  });

  test('is not set when the file is empty', () => {
    expect(() => readConfig(schema, { DATABASE_URL_FILE: file('\n') })).toThrow('DATABASE_URL  is not set');
  });

  test('is not repeated when it is wrong', () => {
    const read = () => readConfig(schema, { DATABASE_URL_FILE: file('hunter2') });
    expect(read).toThrow(ConfigError);
    expect(read).not.toThrow('hunter2');
  });

  test('is refused beside the variable itself', () => {
    const read = () => readConfig(schema, { DATABASE_URL: url, DATABASE_URL_FILE: file(url) });
    expect(read).toThrow('DATABASE_URL  is set, and so is DATABASE_URL_FILE; keep one');
  });
});
