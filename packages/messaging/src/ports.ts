// What a broker must be able to do for us, in as few words as possible. JetStream is behind these today; a back-end
// that fits them serves every service unchanged. Services do not use the ports: they use what is built on them.
import type { OutgoingMessage } from './contract/encode.ts';
import type { StoredMessage } from './contract/decode.ts';
import type { Headers } from './contract/metadata.ts';

/** Where a message ended up. `duplicate`: the stream had it already, under the same id. */
export type Stored = { readonly stream: string; readonly sequence: number; readonly duplicate: boolean };

/** Puts messages into streams. */
export interface Publisher {
  /**
   * Resolves once the broker has stored the message (P1). Retries with the same id until `deadlineMs` is over, because
   * a timeout says nothing about whether the message was stored (P2).
   * Rejects with a PublishError: `refused` (this message can never be stored), `unavailable` (it was not stored), or
   * `unknown` (it may have been stored; send it again with the same id). Or with a RangeError: `deadlineMs` is NaN.
   */
  publish(message: OutgoingMessage, options?: { readonly deadlineMs?: number }): Promise<Stored>;
  /** The id of the newest message on a subject; null when the stream keeps none. Throws StreamUnavailableError. */
  lastIdOn(subject: string): Promise<string | null>;
}

/** What a stream holds: `first` is above `last` by one when it holds nothing. `epoch`: when it was created, in ms. */
export type StreamBounds = {
  readonly stream: string;
  readonly epoch: number;
  readonly first: number;
  readonly last: number;
};

export type ReplayRange = {
  readonly from: number;
  readonly to: number;
  readonly filters?: readonly string[];
  /** Messages that are read at once; a whole number from 1. */
  readonly batch?: number;
};

export type NewestRange = {
  /** At least one of them lets a subject through; all subjects unless said. */
  readonly filters?: readonly string[];
  /** The last position that counts. */
  readonly upTo: number;
  /** Subjects up to this one are left out, to go on where a page ended. */
  readonly after?: string;
  /** More subjects are refused: somebody has to hold their names. */
  readonly subjectsMax: number;
};

/** Reads streams by position, without a durable consumer: for browsers and rebuilds. */
export interface StreamReader {
  /** Throws StreamUnavailableError: `no-such-stream`, `broker-unavailable`. */
  bounds(stream: string): Promise<StreamBounds>;
  /** The message at a position; null when the stream does not hold it (any more). */
  at(stream: string, sequence: number): Promise<StoredMessage | null>;
  /**
   * Messages from `from` to `to` (both included) in order, read in batches: the next batch is fetched when the
   * caller asks for it. With `filters`, those that at least one of them lets through. What the stream no longer holds is skipped without a word: compare with `bounds`. Ends without
   * an error when `signal` is aborted; throws StreamUnavailableError, and a batch is then not yielded in part. Throws
   * SubjectError for a filter that is none, RangeError for such a `batch`.
   */
  replay(stream: string, range: ReplayRange, signal: AbortSignal): AsyncIterable<readonly StoredMessage[]>;
  /**
   * The newest message of every subject, in pages, subject after subject as `<` orders them. All of it is of one moment:
   * what was stored after `upTo` does not count, and of a subject of which only such messages are kept there is none.
   * Throws StreamUnavailableError, and TooManySubjectsError before the first page; SubjectError for a filter that is none.
   */
  lastPerSubject(stream: string, range: NewestRange): AsyncIterable<readonly StoredMessage[]>;
  /** The sequence of the first message stored at or after `time`; `last + 1` when there is none. */
  sequenceAt(stream: string, time: Date): Promise<number>;
  /**
   * Every message from `from` on, live, in order, in the turn of the event loop in which it arrives: `onMessage` must
   * not block. Reconnects, resumes after the last message and survives a recreated stream by itself; `onState` tells.
   * A message has been given once `onMessage` was called: what that throws is logged, and the next one follows.
   */
  follow(stream: string, from: number, listener: StreamListener): StreamFollowing;
}

export type StreamListener = {
  readonly onMessage: (message: StoredMessage) => void;
  readonly onState: (state: FollowingState) => void;
};

export type FollowingState =
  /** Messages flow; `bounds` is what the stream held when that began. A new epoch means a new stream. */
  | { readonly state: 'live'; readonly bounds: StreamBounds }
  | { readonly state: 'interrupted'; readonly reason: string };

export type StreamFollowing = { stop(): Promise<void> };

/** One message in the hands of a durable consumer, and how it is settled: the first that is said counts. None throws. */
export type Delivery = {
  readonly stored: StoredMessage;
  /** The first delivery is 1. Crashes of neighbours and give-backs raise it too: it is no count of attempts. */
  readonly deliveryCount: number;
  /** It was handled. */
  acknowledge(): void;
  /** Deliver it again, to any replica, no sooner than after `delayMs`. */
  giveBack(delayMs: number): void;
  /** Never deliver it again; the reason goes to the broker's advisory. */
  terminate(reason: string): void;
  /** It is still being worked on (or waited with): do not deliver it elsewhere. */
  renew(): void;
};

export type Pull = {
  /** Ask for no more; resolves when nothing more can arrive. What has arrived is still the caller's to settle. */
  stop(): Promise<void>;
};

/** Binds to durable consumers that the stream topology made. */
export interface DurableConsumers {
  /**
   * Pulls, keeping at most `prefetch` deliveries and `prefetchBytes` unsettled in the caller's hands. Never ends by itself: a consumer that
   * vanishes or a broker that is away is reported to `onState` and tried again. A message whose `onDelivery` throws is
   * delivered again. Throws SubjectError `illegal-name` for a name that no stream or consumer can have.
   */
  pull(stream: string, consumer: string, options: PullOptions): Pull;
}

export type PullOptions = {
  readonly prefetch: number;
  /** Default 8 MiB, and one message more: so every message comes, however large it is. (U9) */
  readonly prefetchBytes?: number;
  readonly onDelivery: (delivery: Delivery) => void;
  readonly onState: (state: PullState) => void;
};

/**
 * Durable consumers whose messages go to one replica at a time, the active one; the others stand by. When the active one
 * dies another takes over within five seconds, if the consumer's ack wait is two; when it releases the group, at once.
 * What the one before had in hand is delivered again before anything that comes after it. A back-end that cannot do this
 * has no `exclusive`, and what needs it does not compile.
 */
export interface ExclusiveConsumers {
  pull(stream: string, consumer: string, options: PullOptions): ExclusivePull;
}

export type ExclusivePull = Pull & {
  /**
   * Whether this replica has the group now. Once it has not, nothing of what was delivered to it before may be begun any
   * more: another replica may be at work on it, or on what follows. It is asked right before every beginning, because a
   * process that was frozen learns of that in no other way.
   */
  isActive(): boolean;
  /**
   * Lets another replica have the group: at once when everything in hand `isSettled`, else when it must have come back.
   * For when it was stopped.
   */
  release(isSettled: boolean): Promise<void>;
};

/** `ackWaitMs`: how long a delivery may be unsettled before it is delivered again. */
export type PullState =
  | { readonly state: 'pulling'; readonly ackWaitMs: number }
  /** Another replica has the group, or had it a moment ago. */
  | { readonly state: 'standby'; readonly reason: string }
  | { readonly state: 'interrupted'; readonly reason: string };

/** One message of one group: what a dead letter is identified by, too. `redrive`: 0, or its how manieth redrive it is. */
export type MessagePlace = {
  readonly stream: string;
  readonly epoch: number;
  readonly sequence: number;
  readonly group: string;
  readonly redrive: number;
};

/** `crashes`: how often a process has died while this message alone was handled in it. */
export type CrashRecord = { readonly crashes: number; readonly firstAt: Date };

/**
 * What is known of messages that may kill whoever handles them. It outlives every process of the group, is kept for a
 * week, and is asked for only when a message is delivered again. All throw StreamUnavailableError `broker-unavailable`.
 */
export interface CrashRecords {
  /** Null: nothing is known of it. */
  read(place: MessagePlace): Promise<CrashRecord | null>;
  /** Resolves when it is stored; null forgets. */
  write(place: MessagePlace, record: CrashRecord | null): Promise<void>;
}

/** A message that no stream keeps: whoever listens at that moment gets it. `replyTo` is the sender's word. */
export type LiveMessage = {
  readonly subject: string;
  readonly headers: Headers;
  readonly payload: Uint8Array;
  readonly replyTo?: string;
};

export type LiveArrival = LiveMessage & {
  /** It is the broker's own answer: nobody listens where the message went. */
  readonly nobodyListens: boolean;
};

/**
 * Messages between those who are there now: requests, replies, broadcasts. At most once: what is on its way when the
 * broker or a receiver goes is lost. A back-end that cannot do this has no `live`, and what needs it does not compile.
 */
export interface LiveMessages {
  /** Returns false when the broker is away: nothing was sent. Throws TypeError for what can never be sent. */
  send(message: LiveMessage): boolean;
  /**
   * Receives what is sent to `filter`, over reconnects; of those with the same `group`, one receives each message.
   * `onMessage` must not block; what it throws is logged. Throws SubjectError for an illegal filter or group.
   */
  subscribe(filter: string, group: string | null, onMessage: (arrival: LiveArrival) => void): LiveSubscription;
  /** Calls `up` at once when the broker is there. Returns how to stop listening. */
  listen(listener: { readonly up: () => void; readonly down: () => void }): () => void;
  /** Resolves with whether, within `withinMs`, everything sent and subscribed before has reached the broker. */
  roundTrip(withinMs: number): Promise<boolean>;
}

export type LiveSubscription = {
  /** Why nothing arrives although the broker is there: it refuses the subscription. */
  refusal(): string | null;
  /** Resolves when nothing more can arrive; what was on its way has arrived. Waits two seconds at most. */
  stop(): Promise<void>;
};

/** How far a durable consumer is: everything up to this position is settled, or was never for it. */
export type ConsumerProgress = { readonly settledUpTo: number };

/**
 * What tools need in order to correct streams, and services have no use for. A back-end that cannot do this has no
 * `editor`, and what needs it does not compile. Besides what is said there, all of it throws StreamUnavailableError.
 */
export interface StreamEditor {
  /**
   * Stores `message` unless the stream has a message on its subject already: `duplicate` says so, and `sequence` is then
   * that one's. Of two who do this at once one comes first; whoever comes later, however much later, is told. Tries once.
   * Rejects with a PublishError; after `unknown` do the same again to learn what is there.
   */
  publishFirst(message: OutgoingMessage): Promise<Omit<Stored, 'stream'>>;
  /** Takes one message out of its stream. Resolves with whether it was there. */
  remove(stream: string, sequence: number): Promise<boolean>;
  /** Null when there is no such consumer. */
  progress(stream: string, consumer: string): Promise<ConsumerProgress | null>;
}

/** Everything a back-end offers. */
export type Backend = {
  readonly publisher: Publisher;
  readonly reader: StreamReader;
  readonly consumers: DurableConsumers;
  readonly crashes: CrashRecords;
  /** `up`, or why messages do not flow: for readiness. */
  state(): BackendState;
  /** Resolves after everything sent before it has reached the broker, or after two seconds. Never rejects. */
  flush(): Promise<void>;
  close(): Promise<void>;
};

export type BackendState = { readonly state: 'up' } | { readonly state: 'down'; readonly reason: string };
