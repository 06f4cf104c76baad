// The two things needed to put foreign text into a page: escaping it, and reading JSON of unsure shape.

export type Json = { readonly [name: string]: unknown };

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function escapeHtml(text: unknown): string {
  return String(text).replaceAll(/[&<>"]/g, (character) => entities[character] ?? '');
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

/** What is absent reads as an empty object. */
export function asJson(value: unknown): Json {
  return isJson(value) ? value : {};
}

/** What is absent reads as an empty list; what is not an object is left out. */
export function asJsonList(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}
