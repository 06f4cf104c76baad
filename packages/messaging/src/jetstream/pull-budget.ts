// How much one consumer is asked for: never more messages, and never more bytes, than there is room for.
//
// U1  requested + held never exceeds `prefetch`.
// U9  requested + held bytes never exceed `prefetchBytes`, but for one message alone that is larger: it is asked for when
//     nothing else is in hand.

/** On the wire. Without `max_bytes` for a message that is larger than everything in hand may be together. */
export type PullRequest = { readonly batch: number; readonly max_bytes?: number };

/** Two requests share what there is room for: while one is answered the other is on its way. */
const REQUESTS = 2;
/** A request for less of its share is hardly worth its traffic, and many a message would not fit into it. */
const SHARE_MIN = 0.25;

export class PullBudget {
  readonly #prefetch: number;
  readonly #prefetchBytes: number;
  /** How many messages each request asked for that the server has not ended; which request a message comes by is not said. */
  readonly #batches = new Map<number, number>();
  #requested = 0;
  #requestedBytes = 0;
  #held: number;
  #heldBytes: number;
  #count = 0;
  /** The next message is larger than what there was room for. */
  #isTooLarge = false;

  /** `held`: what is in hand already. */
  constructor(
    limits: { readonly prefetch: number; readonly prefetchBytes: number },
    held: { readonly messages: number; readonly bytes: number },
  ) {
    this.#prefetch = limits.prefetch;
    this.#prefetchBytes = limits.prefetchBytes;
    this.#held = held.messages;
    this.#heldBytes = held.bytes;
  }

  /** Messages that were asked for and have not come. */
  get requested(): number {
    return this.#requested;
  }

  /** What to ask for now, under which number; null when there is no room for it, or so little that it can wait. */
  next(): { readonly number: number; readonly request: PullRequest } | null {
    const request = this.#isTooLarge ? this.#nextAlone() : this.#nextShare();
    if (request === null) return null;
    const number = (this.#count += 1);
    this.#batches.set(number, request.batch);
    this.#requested += request.batch;
    this.#requestedBytes += request.max_bytes ?? 0;
    return { number, request };
  }

  delivered(bytes: number): void {
    this.#isTooLarge = false;
    this.#held += 1;
    this.#heldBytes += bytes;
    this.#giveUp(1, bytes);
  }

  /** The server ends a request and says what is left of it. `isTooLarge`: because the next message does not fit. */
  ended(number: number, left: { readonly messages: number; readonly bytes: number }, isTooLarge: boolean): void {
    if (isTooLarge && left.messages === this.#batches.get(number)) this.#isTooLarge = true;
    this.#batches.delete(number);
    this.#giveUp(left.messages, left.bytes);
  }

  released(bytes: number): void {
    this.#held -= 1;
    this.#heldBytes -= bytes;
  }

  #giveUp(messages: number, bytes: number): void {
    this.#requested = Math.max(0, this.#requested - messages);
    // The two of us may not count a message's bytes alike; with nothing requested both begin anew.
    this.#requestedBytes = this.#requested === 0 ? 0 : Math.max(0, this.#requestedBytes - bytes);
  }

  #nextAlone(): PullRequest | null {
    return this.#held === 0 && this.#requested === 0 ? { batch: 1 } : null;
  }

  #nextShare(): PullRequest | null {
    const share = Math.ceil(this.#prefetch / REQUESTS);
    const shareBytes = Math.floor(this.#prefetchBytes / REQUESTS);
    const batch = Math.min(this.#prefetch - this.#requested - this.#held, share);
    // A request for every single place that becomes free would double the traffic.
    if (batch < (this.#requested === 0 ? 1 : share)) return null;
    const bytes = Math.min(this.#prefetchBytes - this.#requestedBytes - this.#heldBytes, shareBytes);
    return bytes < shareBytes * SHARE_MIN ? null : { batch, max_bytes: bytes };
  }
}
