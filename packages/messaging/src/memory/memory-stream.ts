// One stream in memory: positions, an age-bound memory of message ids, and whoever wants to hear of what is new.
import type { StoredMessage } from '../contract/decode.ts';
import type { OutgoingMessage } from '../contract/encode.ts';
import { filterMatches, parseFilter, type SubjectFilter } from '../contract/filter.ts';
import type { Stored, StreamBounds } from '../ports.ts';
import type { Time } from '../time.ts';

const DUPLICATE_WINDOW_MS = 120_000;

export class MemoryStream {
  readonly name: string;
  readonly epoch: number;
  readonly #time: Time;
  readonly #subjects: readonly SubjectFilter[];
  readonly #messages: StoredMessage[] = [];
  readonly #known = new Map<string, { readonly sequence: number; readonly until: number }>();
  readonly #listeners = new Set<() => void>();
  #last = 0;

  constructor(name: string, subjects: readonly string[], time: Time) {
    this.name = name;
    this.epoch = time.now().getTime();
    this.#time = time;
    this.#subjects = subjects.map(parseFilter);
  }

  takes(subject: string): boolean {
    return this.#subjects.some((filter) => filterMatches(filter, subject));
  }

  store({ id, subject, headers, payload }: OutgoingMessage): Stored {
    const now = this.#time.now();
    const known = this.#known.get(id);
    if (known !== undefined && known.until > now.getTime())
      return { stream: this.name, sequence: known.sequence, duplicate: true };
    const sequence = (this.#last += 1);
    this.#known.set(id, { sequence, until: now.getTime() + DUPLICATE_WINDOW_MS });
    this.#messages.push({ stream: this.name, epoch: this.epoch, sequence, storedAt: now, subject, headers, payload });
    for (const listener of this.#listeners) listener();
    return { stream: this.name, sequence, duplicate: false };
  }

  bounds(): StreamBounds {
    return {
      stream: this.name,
      epoch: this.epoch,
      first: this.#messages[0]?.sequence ?? this.#last + 1,
      last: this.#last,
    };
  }

  /** Every message from `sequence` on, oldest first. */
  from(sequence: number): readonly StoredMessage[] {
    const { first } = this.bounds();
    return this.#messages.slice(Math.max(0, sequence - first));
  }

  at(sequence: number): StoredMessage | null {
    return this.#messages.find((message) => message.sequence === sequence) ?? null;
  }

  newestOn(subject: string): StoredMessage | null {
    return this.#messages.findLast((message) => message.subject === subject) ?? null;
  }

  /** Calls `listener` after every message that is stored. Returns how to stop. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
