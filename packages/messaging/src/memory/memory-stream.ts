// One stream in memory: positions, an age-bound memory of message ids, and whoever wants to hear of what is new.
import type { StoredMessage } from '../contract/decode.ts';
import type { OutgoingMessage } from '../contract/encode.ts';
import { filterMatches, parseFilter, type SubjectFilter } from '../contract/filter.ts';
import type { Stored, StreamBounds } from '../ports.ts';
import type { Time } from '../time.ts';

/** As JetStream's default. */
const DUPLICATE_WINDOW_MS = 120_000;

export class MemoryStream {
  readonly name: string;
  readonly epoch: number;
  readonly #time: Time;
  readonly #subjects: readonly SubjectFilter[];
  /** By position, from `#base` on; null where a message was removed. */
  #messages: Array<StoredMessage | null> = [];
  #base = 1;
  /** The first position that holds a message; above `#last` when none does. */
  #first = 1;
  #last = 0;
  readonly #newest = new Map<string, StoredMessage>();
  /** In the order in which they are forgotten. */
  readonly #known = new Map<string, { readonly sequence: number; readonly until: number }>();
  readonly #listeners = new Set<() => void>();

  /** `epoch`: that of no stream before it, even when no time has passed. */
  constructor(name: string, epoch: number, subjects: readonly string[], time: Time) {
    this.name = name;
    this.epoch = epoch;
    this.#time = time;
    this.#subjects = subjects.map(parseFilter);
  }

  takes(subject: string): boolean {
    return this.#subjects.some((filter) => filterMatches(filter, subject));
  }

  store({ id, subject, headers, payload }: OutgoingMessage): Stored {
    const storedAt = this.#time.now();
    const now = storedAt.getTime();
    this.#forgetIds(now);
    const known = this.#known.get(id);
    if (known !== undefined) return { stream: this.name, sequence: known.sequence, duplicate: true };
    const sequence = (this.#last += 1);
    // A message without an id is like no other. (M2)
    if (id !== '') this.#known.set(id, { sequence, until: now + DUPLICATE_WINDOW_MS });
    const message = { stream: this.name, epoch: this.epoch, sequence, storedAt, subject, headers, payload };
    this.#messages.push(message);
    this.#newest.set(subject, message);
    for (const listener of this.#listeners) listener();
    return { stream: this.name, sequence, duplicate: false };
  }

  bounds(): StreamBounds {
    return { stream: this.name, epoch: this.epoch, first: this.#first, last: this.#last };
  }

  at(sequence: number): StoredMessage | null {
    return this.#messages[sequence - this.#base] ?? null;
  }

  /** The first message at or after a position. */
  next(sequence: number): StoredMessage | null {
    for (let at = Math.max(sequence, this.#first); at <= this.#last; at += 1) {
      const message = this.at(at);
      if (message !== null) return message;
    }
    return null;
  }

  /** Every message from `sequence` on, oldest first. */
  from(sequence: number): readonly StoredMessage[] {
    const index = Math.max(0, sequence - this.#base);
    return this.#messages.slice(index).filter((message) => message !== null);
  }

  newestOn(subject: string): StoredMessage | null {
    return this.#newest.get(subject) ?? null;
  }

  /** The newest message of every subject. */
  newest(): readonly StoredMessage[] {
    return [...this.#newest.values()];
  }

  /** As if a limit of the stream, or somebody, had deleted it. Returns whether it was there. */
  remove(sequence: number): boolean {
    const message = this.at(sequence);
    if (message === null) return false;
    this.#messages[sequence - this.#base] = null;
    this.#first = this.next(this.#first)?.sequence ?? this.#last + 1;
    if (this.#newest.get(message.subject) !== message) return true;
    const before = this.#messages.findLast((other) => other?.subject === message.subject);
    if (before === null || before === undefined) this.#newest.delete(message.subject);
    else this.#newest.set(message.subject, before);
    return true;
  }

  /** Removes everything; positions go on where they were. */
  purge(): void {
    this.#messages = [];
    this.#newest.clear();
    this.#base = this.#first = this.#last + 1;
  }

  /** Calls `listener` after every message that is stored. Returns how to stop. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #forgetIds(now: number): void {
    for (const [id, { until }] of this.#known) {
      if (until > now) return;
      this.#known.delete(id);
    }
  }
}
