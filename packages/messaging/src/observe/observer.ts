// What an operator wants to know of messages, as a port: whoever counts or draws implements it, and the rest of the
// package only says what happened. Without an observer nothing is measured. An observer must neither throw nor block:
// it is called between a message and its settlement.
import type { StoredMessage } from '../contract/decode.ts';
import type { Headers } from '../contract/metadata.ts';
import type { DeadLetterCause } from '../consume/dead-letter.ts';

/** What every message has, on its way out as on its way in. */
export type ObservedMessage = { readonly subject: string; readonly headers: Headers };

/** A durable consumer and its stream. */
export type ObservedGroup = { readonly stream: string; readonly consumer: string };

export type Processing = {
  readonly group: ObservedGroup;
  /** Null: a batch. */
  readonly message: ObservedMessage | null;
  /** `retry`: it is tried again; `dead-letter`: it will be one; `expired`: it was dropped, no handler ran. */
  readonly outcome: 'done' | 'retry' | 'dead-letter' | 'expired';
  readonly durationSeconds: number;
  /** What was thrown; absent where nothing was. */
  readonly error?: unknown;
};

/** What a durable consumer has in hand. `pausedKeys`: keys whose messages wait for one that failed. */
export type InHand = { readonly messages: number; readonly pausedKeys: number };

/** What waits in the outbox, of all relays. `rows` is counted up to `BACKLOG_ROWS_MAX`. */
export type OutboxBacklog = { readonly rows: number; readonly oldestAgeSeconds: number };

export interface Observer {
  /** A publish has ended; `error` is a PublishError, or undefined when the broker has stored the message. */
  sent(message: ObservedMessage, durationSeconds: number, error: unknown): void;
  /** A message has arrived for a group; `isRedelivered`: not for the first time. */
  received(group: ObservedGroup, message: StoredMessage, isRedelivered: boolean): void;
  /** A handler has ended, or it was decided that none is to run. */
  processed(processing: Processing): void;
  /** A dead letter is stored. */
  buried(group: ObservedGroup, cause: DeadLetterCause): void;
  /** Rows of the outbox were deleted, because the broker has stored their messages. */
  relayed(rows: number): void;
  /** What can be looked at any time from now on; a look at what was stopped is harmless. */
  watchPublishes(pending: () => number): void;
  watchGroup(group: ObservedGroup, inHand: () => InHand): void;
  /** `backlog` resolves within a second or two; with null when Postgres does not say. It never rejects. */
  watchOutbox(backlog: () => Promise<OutboxBacklog | null>): void;
}
