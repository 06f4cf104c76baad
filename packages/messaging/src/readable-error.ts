// What a handler has thrown, as something that can be logged, counted and kept with a dead letter. Code that is not ours
// may throw anything, and what cannot be turned into text would keep its message from ever becoming a dead letter.

/** `thrown` itself, unless looking at it throws or what it says is no text. Never throws. (G11) */
export function readableError(thrown: unknown): unknown {
  try {
    const text: unknown[] =
      thrown instanceof Error ? [thrown.message, thrown.stack ?? '', thrown.constructor.name] : [String(thrown)];
    if (text.every((one) => typeof one === 'string')) return thrown;
    return new Error(`a handler has thrown an error that is not made of text: ${String(text[0])}`);
  } catch {
    return new Error('a handler has thrown what cannot be read: throw an Error');
  }
}
