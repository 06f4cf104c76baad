// Pulling for whoever has the group, and standing by for it.
import type { ExclusivePull, PullOptions } from '../ports.ts';
import type { Contender, MemoryGroup } from './memory-group.ts';
import type { MemoryPuller } from './memory-puller.ts';

export type MemoryExclusiveOptions = {
  readonly group: MemoryGroup;
  readonly onState: PullOptions['onState'];
  /** Delivers again what the last one had in hand. */
  readonly repeat: () => void;
  readonly startPulling: () => MemoryPuller;
};

export class MemoryExclusivePull implements ExclusivePull, Contender {
  readonly #options: MemoryExclusiveOptions;
  #puller: MemoryPuller | null = null;
  #isStopped = false;

  constructor(options: MemoryExclusiveOptions) {
    this.#options = options;
    options.onState({ state: 'standby', reason: 'another replica has the group' });
    options.group.join(this);
  }

  begin(isRepeated: boolean): void {
    if (isRepeated) this.#options.repeat();
    if (!this.#isStopped) this.#puller = this.#options.startPulling();
  }

  isActive(): boolean {
    return this.#options.group.has(this);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#puller?.stop();
  }

  async release(isSettled: boolean): Promise<void> {
    await this.stop();
    this.#options.group.leave(this, isSettled);
  }
}
