// Where one promise is proved: a broker with an empty stream, a back-end connected to it, and ways to watch what it does.
// Nothing here sleeps: whatever is waited for is asked for again and again while the broker's clock goes on.
import { startConsumption } from '../consume/consumption.ts';
import type { Consumption, ConsumptionOptions, HandlerContext } from '../consume/consumption-options.ts';
import type { ExclusiveBackend } from '../consume/pull-group.ts';
import type { Message, StoredMessage } from '../contract/decode.ts';
import type { Log } from '../log.ts';
import type { Backend, Delivery, FollowingState, PullState, Stored } from '../ports.ts';
import type { Abilities, BrokerUnderTest, Capability } from './backend-under-test.ts';
import { Reading, reading, subjectOf, suiteSource } from './reading.ts';

export const STREAM = 'conformance';
const POLL_MS = 5;
const DEADLINE_MS = 10_000;
const ACK_WAIT_MS_DEFAULT = 30_000;

export const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** What somebody who pulls has got. */
export type Hands = {
  readonly deliveries: Delivery[];
  readonly states: PullState[];
  stop(): Promise<void>;
};

/** What somebody who follows has seen. */
export type Tail = {
  readonly seen: StoredMessage[];
  readonly states: FollowingState[];
  stop(): Promise<void>;
};

type ReadingHandler = (value: number, message: Message, context: HandlerContext) => Promise<void>;

export class Stage {
  readonly broker: BrokerUnderTest;
  readonly backend: Backend;
  readonly #abilities: Partial<Abilities>;
  readonly #backends: Backend[] = [];
  readonly #endings: Array<() => Promise<unknown>> = [];

  constructor(broker: BrokerUnderTest & Partial<Abilities>) {
    this.broker = broker;
    this.#abilities = broker;
    this.backend = this.connect();
  }

  /** The stream of the suite, and the one that dead letters go to. */
  async prepare(): Promise<void> {
    await this.broker.addStream(STREAM, ['conformance.>']);
    await this.broker.addStream('dead-letter', ['dead-letter.>']);
  }

  ability<Name extends Capability>(name: Name): Abilities[Name] {
    const ability = this.#abilities[name];
    if (ability === undefined) throw new TypeError(`${name} is declared as promised, but open() has not given it`);
    return ability;
  }

  /** One more replica. */
  connect(): Backend {
    const backend = this.broker.connect();
    this.#backends.push(backend);
    return backend;
  }

  /** Readings 0, 1, 2… of a meter, one after the other. */
  async publish(meter: string, count: number, from = 0): Promise<Stored[]> {
    const stored: Stored[] = [];
    for (let value = from; value < from + count; value += 1)
      stored.push(await this.during(this.backend.publisher.publish(reading(meter, value))));
    return stored;
  }

  /** Bytes that no contract of this package has made. */
  async publishRaw(subject: string, payload: string): Promise<Stored> {
    const id = globalThis.crypto.randomUUID();
    const message = { id, subject, key: subject, headers: {}, payload: new TextEncoder().encode(payload) };
    return this.during(this.backend.publisher.publish(message));
  }

  /** A durable consumer of the readings of the meter of its name, unless it has a filter. */
  async addConsumer(name: string, { filter = subjectOf(name), ackWaitMs = ACK_WAIT_MS_DEFAULT } = {}): Promise<void> {
    await this.broker.addConsumer(STREAM, name, { filter, ackWaitMs });
  }

  /** Pulls; `onDelivery` is called after the delivery was noted. */
  pull(
    consumer: string,
    {
      prefetch = 100,
      prefetchBytes = 8 * 1024 * 1024,
      from = this.backend,
      onDelivery = (_delivery: Delivery): void => undefined,
    } = {},
  ): Hands {
    const deliveries: Delivery[] = [];
    const states: PullState[] = [];
    const pull = from.consumers.pull(STREAM, consumer, {
      prefetch,
      prefetchBytes,
      onDelivery: (delivery) => {
        deliveries.push(delivery);
        onDelivery(delivery);
      },
      onState: (state) => states.push(state),
    });
    const stop = (): Promise<void> => this.during(pull.stop());
    this.#endings.push(stop);
    return { deliveries, states, stop };
  }

  follow(from: number, onMessage: (message: StoredMessage) => void = () => undefined, stream = STREAM): Tail {
    const seen: StoredMessage[] = [];
    const states: FollowingState[] = [];
    const following = this.backend.reader.follow(stream, from, {
      onMessage: (message) => {
        seen.push(message);
        onMessage(message);
      },
      onState: (state) => states.push(state),
    });
    const stop = (): Promise<void> => this.during(following.stop());
    this.#endings.push(stop);
    return { seen, states, stop };
  }

  consume(
    consumer: string,
    handler: ReadingHandler,
    { concurrency = 16, crashesMax = 3, redrives = false, from = this.backend } = {},
  ): Consumption {
    const options = { ...this.#consumptionOf(consumer, handler), concurrency, crashesMax, redrives };
    return this.#stopAtTheEnd(startConsumption(from, options));
  }

  /** One more replica of an ordered group. */
  consumeInOrder(consumer: string, handler: ReadingHandler, from: ExclusiveBackend): Consumption {
    const options = { ...this.#consumptionOf(consumer, handler), ordered: true };
    return this.#stopAtTheEnd(startConsumption(from, options));
  }

  #consumptionOf(consumer: string, handler: ReadingHandler): Omit<ConsumptionOptions, 'ordered'> {
    return {
      stream: STREAM,
      consumer,
      types: [Reading],
      handler: (message, context) => handler(Reading.decode(message.data).data?.value ?? Number.NaN, message, context),
      source: suiteSource,
      log: silent,
      time: this.broker.time,
      random: () => 0.5,
      retry: { attemptsMax: 3, delayMsMin: 20, delayMsMax: 100 },
    };
  }

  #stopAtTheEnd(consumption: Consumption): Consumption {
    this.#endings.push(() => this.during(consumption.stop({ withinMs: 1_000 })));
    return consumption;
  }

  /** Everything that a stream holds. */
  async contents(stream = STREAM): Promise<StoredMessage[]> {
    const { first, last } = await this.backend.reader.bounds(stream);
    return this.replay({ from: first, to: last }, stream).then((batches) => batches.flat());
  }

  /** The batches of a replay that nobody aborts. */
  async replay(
    range: Parameters<Backend['reader']['replay']>[1],
    stream = STREAM,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<(readonly StoredMessage[])[]> {
    const batches: (readonly StoredMessage[])[] = [];
    for await (const batch of this.backend.reader.replay(stream, range, signal)) batches.push(batch);
    return batches;
  }

  /** Resolves once `condition` holds. Rejects after ten seconds, naming `what`. */
  async until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
    for (let passedMs = 0; !(await condition()); passedMs += POLL_MS) {
      if (passedMs > DEADLINE_MS) throw new Error(`not within ${DEADLINE_MS} ms: ${what}`);
      await this.broker.pass(POLL_MS);
    }
  }

  /** Lets time pass until `work` has ended: with a virtual clock, what waits would wait for ever. */
  async during<T>(work: Promise<T>): Promise<T> {
    let hasEnded = false;
    const end = (): void => void (hasEnded = true);
    work.then(end, end);
    await this.until('it has ended', () => hasEnded);
    return work;
  }

  /** Stops what was begun, the last first. */
  async close(): Promise<void> {
    for (const end of this.#endings.toReversed()) await end();
    for (const backend of this.#backends) await this.during(backend.close());
    await this.broker.close();
  }
}
