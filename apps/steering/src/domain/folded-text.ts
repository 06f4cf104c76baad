// Text as people compare it when they search: without case, accents and typographic variants.
// Not for display, and no identity: different texts may fold to the same.

/** An index entry of Postgres may have 2,704 bytes, and some characters unfold to eighteen. */
const LENGTH_MAX = 255;

/** Letters that Unicode does not decompose though people do. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ŧ: 't',
  ı: 'i',
  ς: 'σ',
};

const letterPattern = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'g');

/** `Ærø Straße` → `aero strasse`; at most 255 UTF-16 units. Folding twice changes nothing. */
export function foldText(text: string): string {
  return (
    text
      .normalize('NFKD')
      .toLowerCase()
      // Lower-casing may bring marks of its own (İ), so they go last. Only those that sit on letters of alphabets:
      // in Indic scripts marks are vowels.
      .replaceAll(/[\u0300-\u036F]/g, '')
      .replaceAll(letterPattern, (letter) => LETTERS[letter] ?? letter)
      .slice(0, LENGTH_MAX)
      .toWellFormed()
  );
}
