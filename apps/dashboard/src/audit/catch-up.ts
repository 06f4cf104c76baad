// When to look into the audit log again: a message was seen, so its entry is there now or in a moment.
// Looks once after a short wait, and again with growing waits while the newest message is not in the log yet.
//  C1 A burst of messages is one look, not one each: at most one per `waitMs`.
//  C2 A message that never gets an entry costs at most `looksMax` looks.
//  C3 After `stop` nothing is looked at.

export type CatchUpOptions = {
  /** Reads the newest entries; resolves to whether the message is among them. */
  readonly look: (messageId: string) => Promise<boolean>;
  readonly waitMs: number;
  readonly looksMax: number;
};

export class CatchUp {
  readonly #options: CatchUpOptions;
  #newest: string | null = null;
  #looks = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(options: CatchUpOptions) {
    this.#options = options;
  }

  /** A message whose entry should be there soon. */
  expect(messageId: string): void {
    this.#newest = messageId;
    this.#looks = 0;
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#stopped || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => void this.#look(), this.#options.waitMs * 2 ** this.#looks);
  }

  async #look(): Promise<void> {
    const expected = this.#newest;
    if (expected === null) return;
    this.#looks += 1;
    const found = await this.#options.look(expected);
    this.#timer = undefined;
    if (expected !== this.#newest) this.#schedule();
    else if (!found && this.#looks < this.#options.looksMax) this.#schedule();
  }
}
