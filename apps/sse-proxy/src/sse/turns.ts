// Who does something next. Everything that writes to many clients goes through here, in slices: a fan-out to 20,000
// sockets in one go would stop the event loop for a fifth of a second, and with it heartbeats, new connections and the
// answers to the broker's pings.

export interface Task {
  /** Works until it is done or `until` (of `performance.now()`) has passed. Whether something is left to do. */
  run(until: number): boolean;
}

const SLICE_MS = 2;

export class Turns {
  readonly #tasks = new Set<Task>();
  /** A turn is to come, or is being taken. */
  #isDue = false;
  #immediate: NodeJS.Immediate | null = null;

  /**
   * Runs `task` soon, once, however often it is added before that. When nothing else waits, that is after whatever this
   * callback of the event loop does: no delay, but all the messages that one read brought. Waiting for the other sockets
   * to be read, as `setImmediate` would, makes an event a twentieth of a millisecond later for everybody.
   */
  add(task: Task): void {
    this.#tasks.add(task);
    if (this.#isDue) return;
    this.#isDue = true;
    process.nextTick(this.#turn);
  }

  remove(task: Task): void {
    this.#tasks.delete(task);
  }

  stop(): void {
    this.#tasks.clear();
    if (this.#immediate !== null) clearImmediate(this.#immediate);
    this.#immediate = null;
    this.#isDue = false;
  }

  readonly #turn = (): void => {
    const until = performance.now() + SLICE_MS;
    for (const task of this.#tasks) {
      this.#tasks.delete(task);
      // A set is walked in the order of addition: what is left waits behind everybody else.
      if (task.run(until)) this.#tasks.add(task);
      if (performance.now() >= until) break;
    }
    this.#isDue = this.#tasks.size > 0;
    // What is left waits until every socket has been read that has something to say.
    this.#immediate = this.#isDue ? setImmediate(this.#turn) : null;
  };
}
