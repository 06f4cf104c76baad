// Whether Postgres, and every strict JSON reader, can take a string: no NUL, no half of a surrogate pair (Q3).

/** What is wrong with the text, or undefined. */
export function unstorable(text: string): { readonly code: string; readonly detail: string } | undefined {
  if (text.includes('\u0000')) return { code: 'nul_character', detail: 'The text holds a NUL character (U+0000).' };
  if (!text.isWellFormed()) return { code: 'lone_surrogate', detail: 'The text holds half of a surrogate pair.' };
  return undefined;
}
