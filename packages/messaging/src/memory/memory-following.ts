// The live tail of one stream in memory. It outlives the stream: of a new one it gives everything, from its start.
import type { Log } from '../log.ts';
import type { StreamFollowing, StreamListener } from '../ports.ts';
import type { Time } from '../time.ts';
import type { MemoryStream } from './memory-stream.ts';
import type { MemoryTopology } from './memory-topology.ts';
import { Soon } from './soon.ts';

export type FollowingOptions = {
  readonly topology: MemoryTopology;
  readonly stream: string;
  readonly from: number;
  readonly listener: StreamListener;
  readonly time: Time;
  readonly log: Log;
};

export class MemoryFollowing implements StreamFollowing {
  readonly #options: FollowingOptions;
  readonly #going: Soon;
  readonly #unlistenTopology: () => void;
  #unlistenStream: () => void = () => undefined;
  /** Undefined before the first look. */
  #stream: MemoryStream | null | undefined;
  #epoch: number | null = null;
  #next: number;
  #isStopped = false;

  constructor(options: FollowingOptions) {
    this.#options = options;
    this.#next = options.from;
    this.#going = new Soon(options.time, () => this.#go());
    this.#unlistenTopology = options.topology.listen(() => this.#going.schedule());
    this.#going.schedule();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#unlistenTopology();
    this.#unlistenStream();
    this.#going.cancel();
  }

  #go(): void {
    const found = this.#options.topology.findStream(this.#options.stream);
    if (found !== this.#stream) this.#switchTo(found);
    if (found !== null) this.#pump(found);
  }

  #switchTo(stream: MemoryStream | null): void {
    this.#unlistenStream();
    this.#stream = stream;
    if (stream === null) {
      const reason = `there is no stream ${this.#options.stream}`;
      this.#tell((listener) => listener.onState({ state: 'interrupted', reason }));
      return;
    }
    const bounds = stream.bounds();
    const isAnother = this.#epoch !== null && this.#epoch !== bounds.epoch;
    this.#next = isAnother ? bounds.first : Math.min(this.#next, bounds.last + 1);
    this.#epoch = bounds.epoch;
    this.#unlistenStream = stream.listen(() => this.#going.schedule());
    this.#tell((listener) => listener.onState({ state: 'live', bounds }));
  }

  #pump(stream: MemoryStream): void {
    for (;;) {
      const message = stream.next(this.#next);
      if (message === null || this.#isStopped) return;
      this.#next = message.sequence + 1;
      this.#tell((listener) => listener.onMessage(message));
    }
  }

  /** What a listener throws is its own affair. */
  #tell(tell: (listener: StreamListener) => void): void {
    try {
      tell(this.#options.listener);
    } catch (error) {
      this.#options.log.error({ err: error }, 'the listener of a stream has thrown');
    }
  }
}
