// Messages that may be stored although nobody heard of it: what an earlier process may have sent, and what ended with an
// unknown outcome. The newest message on their subject tells, because those of one subject are sent one after the other,
// and the broker remembers ids for minutes only. (B2)
import type { Publisher } from '../ports.ts';
import type { BufferedMessage } from './scan-segment.ts';

type Candidate = { readonly number: number; readonly id: string };

/** In order of their numbers. `storedUpTo`: the highest number that is stored; null until somebody has looked. */
type Doubt = { readonly candidates: Candidate[]; storedUpTo: number | null };

export class Doubts {
  readonly #publisher: Publisher;
  readonly #bySubject = new Map<string, Doubt>();

  constructor(publisher: Publisher) {
    this.#publisher = publisher;
  }

  /** What an earlier process may have sent, in order. */
  add({ number, message: { id, subject } }: BufferedMessage): void {
    const doubt = this.#bySubject.get(subject) ?? { candidates: [], storedUpTo: null };
    doubt.candidates.push({ number, id });
    this.#bySubject.set(subject, doubt);
  }

  /** The outcome of this one is unknown; what comes after it on its subject has not been sent. */
  renew({ number, message: { id, subject } }: BufferedMessage): void {
    this.#bySubject.set(subject, { candidates: [{ number, id }], storedUpTo: null });
  }

  /** Ask it about the messages of one subject in their order. Throws StreamUnavailableError. */
  async isStored({ number, message: { subject } }: BufferedMessage): Promise<boolean> {
    const doubt = this.#bySubject.get(subject);
    if (doubt === undefined) return false;
    const last = doubt.candidates.at(-1)?.number ?? -1;
    if (number <= last) doubt.storedUpTo ??= await this.#look(subject, doubt.candidates);
    if (number >= last) this.#bySubject.delete(subject);
    return number <= (doubt.storedUpTo ?? -1);
  }

  async #look(subject: string, candidates: readonly Candidate[]): Promise<number> {
    const newest = await this.#publisher.lastIdOn(subject);
    return candidates.findLast(({ id }) => id === newest)?.number ?? -1;
  }
}
