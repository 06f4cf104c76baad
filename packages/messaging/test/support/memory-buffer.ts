// The buffer of a test, in a station in memory: made before each test, closed after it, and looked at for timers that it
// left behind.
import { afterEach, beforeEach, expect } from '@jest/globals';
import type { BufferOptions, MessageBuffer } from '@longwave/messaging/buffer';
import { seededRandom } from '@longwave/messaging/memory';
import { memoryStation, type MemoryStation } from './memory-station.ts';
import { powerCutDisk, type PowerCutDisk } from './power-cut-disk.ts';
import { reading } from './reading.ts';

export type MemoryBuffer = {
  station: MemoryStation;
  disk: PowerCutDisk;
  readonly buffer: MessageBuffer;
  open(options?: Partial<BufferOptions>): Promise<void>;
  /** Closes it first, as a process that stops. */
  reopen(options?: Partial<BufferOptions>): Promise<void>;
  publish(id: string, meter?: string): Promise<void>;
  /** Whether all has left, given ten minutes. */
  flushed(): Promise<boolean>;
  /** Publishes until that fails: the ids that it took, and why it took no more. */
  fill(): Promise<{ readonly taken: readonly string[]; readonly error: unknown }>;
};

export function numberedIds(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => String(index));
}

/** Call it at the top of a test file. */
export function memoryBuffer(seed: number): MemoryBuffer {
  let opened: MessageBuffer | null = null;
  const memory: MemoryBuffer = {
    station: memoryStation(seed),
    disk: powerCutDisk(seededRandom(seed)),
    get buffer() {
      if (opened === null) throw new Error('open it first');
      return opened;
    },
    open: async (options) => {
      opened = await memory.station.open(memory.disk, options);
    },
    reopen: async (options) => {
      await memory.station.during(memory.buffer.close());
      await memory.open(options);
    },
    publish: (id, meter = 'meter') => memory.station.during(memory.buffer.publish(reading(meter, 1, id))),
    flushed: () => memory.station.during(memory.buffer.flush({ withinMs: 600_000 })),
    fill: async () => {
      for (const id of numberedIds(10_000)) {
        try {
          await memory.publish(id);
        } catch (error) {
          return { taken: numberedIds(Number(id)), error };
        }
      }
      throw new Error('it never was full');
    },
  };
  beforeEach(() => {
    memory.station = memoryStation(seed);
    memory.disk = powerCutDisk(seededRandom(seed));
  });
  afterEach(async () => {
    await memory.station.during(memory.buffer.close());
    expect(memory.station.time.waiting).toBe(0);
  });
  return memory;
}
