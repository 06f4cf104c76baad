// The streams and durable consumers there are, and who wants to hear when that changes: a follower or a puller outlives
// what it reads from, as the ports promise.
import { StreamUnavailableError } from '../errors.ts';
import type { Time } from '../time.ts';
import type { Faults } from './faults.ts';
import { MemoryConsumer, type MemoryConsumerConfig } from './memory-consumer.ts';
import { MemoryGroup } from './memory-group.ts';
import { MemoryStream } from './memory-stream.ts';

export class MemoryTopology {
  readonly #time: Time;
  readonly #faults: Faults | null;
  readonly #streams = new Map<string, MemoryStream>();
  readonly #consumers = new Map<string, MemoryConsumer>();
  readonly #groups = new Map<string, MemoryGroup>();
  readonly #listeners = new Set<() => void>();
  #lastEpoch = 0;

  constructor(time: Time, faults: Faults | null) {
    this.#time = time;
    this.#faults = faults;
  }

  /** Takes the place of a stream of the same name; the consumers of that go with it. */
  addStream(name: string, subjects: readonly string[]): MemoryStream {
    this.removeStream(name);
    this.#lastEpoch = Math.max(this.#time.now().getTime(), this.#lastEpoch + 1);
    const stream = new MemoryStream(name, this.#lastEpoch, subjects, this.#time);
    this.#streams.set(name, stream);
    this.#changed();
    return stream;
  }

  removeStream(name: string): void {
    for (const [key, consumer] of this.#consumers) {
      if (consumer.stream.name !== name) continue;
      consumer.close();
      this.#consumers.delete(key);
    }
    if (this.#streams.delete(name)) this.#changed();
  }

  /** Throws StreamUnavailableError `no-such-stream`. */
  addConsumer(stream: string, name: string, config: MemoryConsumerConfig): MemoryConsumer {
    this.removeConsumer(stream, name);
    const consumer = new MemoryConsumer(this.streamNamed(stream), this.#time, this.#faults, config);
    this.#consumers.set(`${stream}/${name}`, consumer);
    this.#changed();
    return consumer;
  }

  removeConsumer(stream: string, name: string): void {
    this.#consumers.get(`${stream}/${name}`)?.close();
    if (this.#consumers.delete(`${stream}/${name}`)) this.#changed();
  }

  findStream(name: string): MemoryStream | null {
    return this.#streams.get(name) ?? null;
  }

  findConsumer(stream: string, name: string): MemoryConsumer | null {
    return this.#consumers.get(`${stream}/${name}`) ?? null;
  }

  /** Who has a group outlives the consumer. */
  groupOf(stream: string, consumer: string): MemoryGroup {
    const name = `${stream}/${consumer}`;
    const group = this.#groups.get(name) ?? new MemoryGroup(this.#time);
    this.#groups.set(name, group);
    return group;
  }

  /** Throws StreamUnavailableError `no-such-stream`. */
  streamNamed(name: string): MemoryStream {
    const stream = this.#streams.get(name);
    if (stream === undefined) throw new StreamUnavailableError('no-such-stream', name);
    return stream;
  }

  streamTaking(subject: string): MemoryStream | null {
    for (const stream of this.#streams.values()) if (stream.takes(subject)) return stream;
    return null;
  }

  /** Calls `listener` after every change. Returns how to stop. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
