// Text of an event stream in, blocks out, as the HTML standard reads it. Written here because EventSource hides what
// resuming needs: the comments and the ids without data by which a silent connection is told from a dead one.

/** What stands before a blank line. `id`: the last one of the stream so far, this block's or an earlier one's. */
export type Block = {
  readonly type: string;
  /** Null: the block has no data, and nothing is to be told to anyone. */
  readonly data: string | null;
  readonly id: string;
};

/** Far above any event; a server that never ends its line must not fill the memory of a page. */
const BLOCK_CHARACTERS_MAX = 16 * 1024 * 1024;

export class EventTooLongError extends Error {
  override readonly name = 'EventTooLongError';
  readonly code = 'event-too-long';

  constructor() {
    super(`the server sent an event of more than ${BLOCK_CHARACTERS_MAX} characters; the connection is opened anew`);
  }
}

export class EventParser {
  readonly #onBlock: (block: Block) => void;
  readonly #onRetry: (retryMs: number) => void;
  /** The beginning of a line whose end has not come yet. */
  #line = '';
  #endedInReturn = false;
  #type = '';
  #data: string | null = null;
  #id = '';
  #characters = 0;

  constructor(onBlock: (block: Block) => void, onRetry: (retryMs: number) => void) {
    this.#onBlock = onBlock;
    this.#onRetry = onRetry;
  }

  /** Takes the next piece of the stream, cut anywhere. Throws EventTooLongError. */
  push(text: string): void {
    if (text === '') return;
    const isSecondHalf = this.#endedInReturn && text.startsWith('\n');
    this.#endedInReturn = text.endsWith('\r');
    const lines = (this.#line + (isSecondHalf ? text.slice(1) : text)).split(/\r\n|\n|\r/);
    this.#line = lines.pop() ?? '';
    for (const line of lines) this.#take(line);
    if (this.#characters + this.#line.length > BLOCK_CHARACTERS_MAX) throw new EventTooLongError();
  }

  #take(line: string): void {
    if (line === '') return this.#end();
    this.#characters += line.length;
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') this.#data = this.#data === null ? value : `${this.#data}\n${value}`;
    else if (field === 'event') this.#type = value;
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
    else if (field === 'retry' && /^\d+$/.test(value)) this.#onRetry(Number(value));
  }

  #end(): void {
    const block = { type: this.#type === '' ? 'message' : this.#type, data: this.#data, id: this.#id };
    this.#type = '';
    this.#data = null;
    this.#characters = 0;
    this.#onBlock(block);
  }
}
