// What the suite needs of a back-end besides its ports: how to make streams and consumers, how time passes, and what it
// can do that not every back-end can.
import type { ExclusiveBackend } from '../consume/pull-group.ts';
import type { Backend, LiveMessages, StreamEditor } from '../ports.ts';
import type { Time } from '../time.ts';

/** A broker that holds nothing, and whatever belongs to one test of it. */
export type BrokerUnderTest = {
  /** The clock that its back-ends were given. */
  readonly time: Time;
  /** Lets `ms` of that clock pass: waits for a real one, moves a virtual one. */
  pass(ms: number): Promise<void>;
  /** The back-end as one more replica has it, with a connection of its own. The suite closes it. */
  connect(): Backend;
  addStream(stream: string, subjects: readonly string[]): Promise<void>;
  /** `filter`: which subjects; one filter as NATS writes it. Any number of deliveries, at least 1,000 unsettled ones. */
  addConsumer(
    stream: string,
    consumer: string,
    config: { readonly filter: string; readonly ackWaitMs: number },
  ): Promise<void>;
  /** A payload of one byte more is refused. */
  readonly payloadBytesMax: number;
  /** Removes everything that was made through this. The back-ends are closed before. */
  close(): Promise<void>;
};

/** What a back-end may promise on top; each comes with what the suite needs to see it. */
export type Abilities = {
  /** A message that is published again under the same id, within `windowMs`, is stored once. */
  readonly deduplication: { readonly windowMs: number };
  /** Messages can be removed from a stream: one, or all that it holds. */
  readonly removal: {
    readonly remove: (stream: string, sequence: number) => Promise<void>;
    readonly purge: (stream: string) => Promise<void>;
  };
  /** Streams and consumers can be deleted, and made anew under the same name. */
  readonly recreation: {
    readonly removeStream: (stream: string) => Promise<void>;
    readonly removeConsumer: (stream: string, consumer: string) => Promise<void>;
  };
  /** What is stored, and who is connected, outlives a crash of the broker. */
  readonly restart: {
    /** Kills it. The returned function starts it again on the same data. */
    readonly crash: () => Promise<() => Promise<void>>;
  };
  /** Streams can be corrected by tools, and dead letters redriven. */
  readonly editing: {
    /** As one more operator has it. */
    readonly connect: () => Promise<StreamEditor>;
  };
  /** Of those who pull a consumer exclusively one gets its messages. */
  readonly exclusive: {
    /** As one more replica has it. Closing it without a stop is how it dies. */
    readonly connect: () => Promise<ExclusiveBackend>;
  };
  /** Messages between those who are there now. */
  readonly live: {
    /** Live messages as one more replica has them. */
    readonly connect: () => Promise<LiveMessages>;
  };
};

export type Capability = keyof Abilities;

/** Of every capability that it is promised, or why not: that is what the test output says. */
export type Capabilities = { readonly [Name in Capability]: true | { readonly notPromised: string } };

/** Has the ability for every capability that is declared as promised: the compiler asks for it. */
export type BackendUnderTest<Declared extends Capabilities> = BrokerUnderTest & {
  readonly [Name in Capability as Declared[Name] extends true ? Name : never]: Abilities[Name];
};
