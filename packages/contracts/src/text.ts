// Two kinds of text that people type. Both refuse what a database cannot keep and what would deceive a reader.
import { z } from 'zod';

/** One line: trimmed, not empty, no control characters, nothing that Unicode calls the end of a line. */
export function line(lengthMax: number): z.ZodString {
  return z
    .string()
    .trim()
    .min(1)
    .max(lengthMax)
    .regex(/^[^\u0000-\u001F\u007F-\u009F\u2028\u2029]*$/, 'one line without control characters');
}

/** Several lines, possibly none. */
export function prose(lengthMax: number): z.ZodString {
  return z
    .string()
    .max(lengthMax)
    .regex(/^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]*$/, 'text without control characters');
}
