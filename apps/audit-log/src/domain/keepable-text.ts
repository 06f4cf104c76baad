// Text that Postgres can keep and index, as close to what a stranger sent as that allows. What had to be changed is
// visible: a replaced character or an ellipsis, never a silent loss. The bytes themselves are in `headers`.

/** At four bytes a character this still fits a B-tree's entry of 2,704 bytes. */
const LENGTH_MAX = 512;

/** NUL becomes its picture ␀, half a surrogate pair becomes �, and what is too long ends with …. */
export function keepableText(text: string, lengthMax = LENGTH_MAX): string {
  const cut = text.length > lengthMax ? `${text.slice(0, lengthMax - 1)}…` : text;
  return cut.toWellFormed().replaceAll('\u0000', '␀');
}

/** Whether `text` can be kept as it is. */
export function isKeepable(text: string): boolean {
  return keepableText(text) === text;
}
