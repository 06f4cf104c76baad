// Serial lanes: works with the same key run one after the other, works with different keys side by side, and no more
// than `concurrency` of them at once. A lane that pauses before a retry holds no place, so it does not slow the others.

/** How one run of a work ended: it is settled, or its lane does it again once the pause is over. */
export type RunEnd = { readonly again: Promise<void> } | 'settled';

type Lane<Work> = { readonly key: string; readonly queue: Work[]; state: 'ready' | 'running' | 'paused' };

export class Lanes<Work> {
  readonly #concurrency: number;
  readonly #run: (work: Work) => Promise<RunEnd>;
  readonly #lanes = new Map<string, Lane<Work>>();
  readonly #ready: Lane<Work>[] = [];
  #running = 0;
  #whenIdle: Array<() => void> = [];

  /** `run` must not reject: how a work ends badly is its own to say. */
  constructor(concurrency: number, run: (work: Work) => Promise<RunEnd>) {
    this.#concurrency = concurrency;
    this.#run = run;
  }

  /** Queues `work` behind the others of its key. */
  add(key: string, work: Work): void {
    const lane = this.#lanes.get(key);
    if (lane !== undefined) {
      lane.queue.push(work);
      return;
    }
    const added: Lane<Work> = { key, queue: [work], state: 'ready' };
    this.#lanes.set(key, added);
    this.#ready.push(added);
    this.#advance();
  }

  /** Removes and returns everything that is not running. */
  takeWaiting(): Work[] {
    this.#ready.length = 0;
    const waiting = [...this.#lanes.values()].flatMap((lane) => lane.queue.splice(0));
    // A lane that runs or pauses ends by itself, when it finds its queue empty.
    for (const [key, { state }] of this.#lanes) if (state === 'ready') this.#lanes.delete(key);
    return waiting;
  }

  /** Keys whose works wait because one of them failed. */
  get pausedCount(): number {
    return [...this.#lanes.values()].filter((lane) => lane.state === 'paused').length;
  }

  /** Resolves when nothing runs. */
  async whenIdle(): Promise<void> {
    while (this.#running > 0) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  #advance(): void {
    while (this.#running < this.#concurrency) {
      const lane = this.#ready.shift();
      if (lane === undefined) return;
      void this.#step(lane);
    }
  }

  async #step(lane: Lane<Work>): Promise<void> {
    const work = lane.queue.shift();
    if (work === undefined) return;
    lane.state = 'running';
    this.#running += 1;
    const end = await this.#run(work);
    this.#running -= 1;
    if (end === 'settled') this.#continue(lane);
    else void this.#resume(lane, work, end.again);
    this.#advance();
    if (this.#running === 0) for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  #continue(lane: Lane<Work>): void {
    if (lane.queue.length === 0) {
      this.#lanes.delete(lane.key);
      return;
    }
    lane.state = 'ready';
    this.#ready.push(lane);
  }

  async #resume(lane: Lane<Work>, work: Work, again: Promise<void>): Promise<void> {
    lane.state = 'paused';
    lane.queue.unshift(work);
    await again;
    this.#continue(lane);
    this.#advance();
  }
}
