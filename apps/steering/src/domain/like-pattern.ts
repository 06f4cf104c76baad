// Text from a client as a part of a LIKE pattern. Prisma's `contains` puts it between two `%` and escapes nothing.

/** Makes `%`, `_` and the escape character itself mean what they say. */
export function containing(text: string): string {
  return text.replaceAll(/[\\%_]/g, (character) => `\\${character}`);
}
