// Several blocks as one Buffer, so that a client gets one write however many events wait.

export class Chunk {
  readonly #parts: (string | Buffer)[] = [];
  #bytes = 0;
  #events = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** How many events for the client's application are in it; ours do not count. */
  get events(): number {
    return this.#events;
  }

  /** ASCII. */
  addText(text: string): void {
    this.#parts.push(text);
    this.#bytes += text.length;
  }

  addEvent(idLine: string, data: Buffer): void {
    this.addText(idLine);
    this.#parts.push(data);
    this.#bytes += data.length;
    this.#events += 1;
  }

  build(): Buffer {
    const whole = Buffer.allocUnsafe(this.#bytes);
    let at = 0;
    for (const part of this.#parts) {
      at += typeof part === 'string' ? whole.write(part, at, 'latin1') : part.copy(whole, at);
    }
    return whole;
  }
}
