// One token of a subject: how any id becomes characters that cannot break the hierarchy, and how it comes back.
// Everything outside A–Z a–z 0–9 _ - is percent-encoded byte by byte (UTF-8, upper-case hex), so a dot, a space
// or a wildcard in an id is just text. Encoding is a bijection: one id has one token (T1), and a token that
// `encodeToken` would not have made is refused (T2), so that two subjects never mean the same thing.
import { SubjectError } from './subject-error.ts';

const PLAIN = /^[A-Za-z0-9_-]+$/;
const CANONICAL = /^(?:[A-Za-z0-9_-]|%[0-9A-F]{2})+$/;

/** The token for `id`. Throws SubjectError `empty-token` or `ill-formed-text` (a lone surrogate has no UTF-8). */
export function encodeToken(id: string): string {
  if (PLAIN.test(id)) return id;
  if (id === '') throw new SubjectError('empty-token', 'an id in a subject may not be empty');
  if (!id.isWellFormed()) throw new SubjectError('ill-formed-text', 'an id in a subject must be well-formed Unicode');
  let token = '';
  for (const byte of new TextEncoder().encode(id)) token += ENCODED_BYTES[byte];
  return token;
}

/** The id that `token` stands for (T1). Throws SubjectError `illegal-token` for anything `encodeToken` never makes (T2). */
export function decodeToken(token: string): string {
  if (PLAIN.test(token)) return token;
  if (!CANONICAL.test(token)) throw illegal(token);
  try {
    const id = decodeURIComponent(token);
    if (encodeToken(id) === token) return id;
  } catch (cause) {
    throw illegal(token, cause);
  }
  throw illegal(token);
}

/** Whether `token` is one that `encodeToken` could have made. */
export function isToken(token: string): boolean {
  try {
    decodeToken(token);
    return true;
  } catch {
    return false;
  }
}

function illegal(token: string, cause?: unknown): SubjectError {
  return new SubjectError('illegal-token', `${JSON.stringify(token.slice(0, 64))} is not a token of a subject`, {
    cause,
  });
}

/** What each byte looks like in a token. */
const ENCODED_BYTES: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return PLAIN.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
});
