// A buffer on a disk in memory, a broker in memory that can be away, and a clock that both share: hours pass in a moment,
// and everything that goes wrong goes wrong the same way again.
import { quietLog } from '@longwave/embedded/testing';
import { PublishError, StreamUnavailableError, type Publisher } from '@longwave/messaging';
import { openBuffer, type BufferLoss, type BufferOptions, type MessageBuffer } from '@longwave/messaging/buffer';
import { createMemoryBackend, seededFaults, VirtualTime } from '@longwave/messaging/memory';
import type { PowerCutDisk } from './power-cut-disk.ts';

export type MemoryStation = {
  readonly time: VirtualTime;
  readonly losses: BufferLoss[];
  /** False: the broker does not answer. */
  isUp: boolean;
  open(disk: PowerCutDisk, options?: Partial<BufferOptions>): Promise<MessageBuffer>;
  /** Lets time pass until `work` has ended; throws when that takes longer than an hour. */
  during<T>(work: Promise<T>): Promise<T>;
  /** So long that the broker has forgotten every id. */
  forgetIds(): Promise<void>;
  /** The ids that the stream holds, in its order. */
  stored(): readonly string[];
  readonly publisher: Publisher;
};

const STEP_MS = 50;
const HOUR_MS = 3_600_000;

/** `lostAnswers`: the chance that a message is stored and nobody hears of it. */
export function memoryStation(seed: number, lostAnswers = 0): MemoryStation {
  const time = new VirtualTime();
  const backend = createMemoryBackend({ time, faults: seededFaults(seed, { dropPublishAnswer: lostAnswers }) });
  const stream = backend.addStream('events', ['test.>']);
  const station: MemoryStation = {
    time,
    losses: [],
    isUp: true,
    publisher: {
      publish: async (message) => {
        if (!station.isUp) throw new PublishError('unavailable', message.id, 'the broker is away');
        return backend.publisher.publish(message);
      },
      lastIdOn: async (subject) => {
        if (!station.isUp) throw new StreamUnavailableError('broker-unavailable', 'events');
        return backend.publisher.lastIdOn(subject);
      },
    },
    open: (disk, options = {}) =>
      openBuffer({
        directory: '/buffer',
        publisher: station.publisher,
        bytesMax: 16 * 1024 * 1024,
        whenFull: 'refuse',
        onLoss: (loss) => station.losses.push(loss),
        log: quietLog,
        time,
        disk,
        newSalt: () => seed,
        ...options,
      }),
    during: async (work) => {
      let isOver = false;
      const end = (): void => void (isOver = true);
      work.then(end, end);
      for (let passedMs = 0; !isOver; passedMs += STEP_MS) {
        if (passedMs > HOUR_MS) throw new Error('it has not ended within an hour');
        await time.advance(STEP_MS);
      }
      return work;
    },
    forgetIds: () => time.advance(180_000),
    stored: () => stream.from(0).map(({ headers }) => headers['ce-id'] ?? ''),
  };
  return station;
}
