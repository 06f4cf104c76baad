// What whoever consumes says, gets and sees. How it is done is in `consumption.ts`.
import type { Cause } from '../contract/cause.ts';
import type { Message } from '../contract/decode.ts';
import type { MessageType } from '../contract/message-type.ts';
import type { Source } from '../contract/metadata.ts';
import type { Log } from '../log.ts';
import type { Observer } from '../observe/observer.ts';
import type { Time } from '../time.ts';
import type { RetryPolicy } from './retry-policy.ts';
import type { Solitude } from './solitude.ts';

export type HandlerContext = {
  /** What the handler publishes because of this message has this cause. */
  readonly cause: Cause;
  readonly log: Log;
  /** Aborted when the consumption is stopped and its deadline is over. */
  readonly signal: AbortSignal;
};

export type Handler = (message: Message, context: HandlerContext) => Promise<void>;

export type ConsumptionOptions = {
  readonly stream: string;
  /** The durable consumer; also the name of the group in dead letters. */
  readonly consumer: string;
  readonly types: readonly MessageType[];
  readonly handler: Handler;
  readonly source: Source;
  readonly log: Log;
  readonly time: Time;
  readonly random: () => number;
  /** Handlers that run at once; default 16. */
  readonly concurrency?: number;
  /** Only one replica at a time handles messages of the group, so that order per key holds over all of them. (G15) */
  readonly ordered?: boolean;
  readonly retry?: RetryPolicy;
  /** After so many deaths of a process in which a message was handled alone it is a dead letter; default 3. (G13) */
  readonly crashesMax?: number;
  /** Consumptions of one process share one; default: one of its own. */
  readonly solitude?: Solitude;
  readonly observer?: Observer;
  /**
   * Whether to take back what is redriven to this group, from the durable consumer `redriveConsumer(stream, consumer)` of
   * the stream `dead-letter`; default no. Each such message is handled as if it were delivered once more.
   */
  readonly redrives?: boolean;
};

export type ConsumptionState =
  | { readonly state: 'up' }
  /** All is well, and another replica has the group. */
  | { readonly state: 'standby'; readonly reason: string }
  | { readonly state: 'degraded'; readonly reason: string }
  | { readonly state: 'down'; readonly reason: string };

export type Consumption = {
  state(): ConsumptionState;
  /** (G7) Handlers still running after `withinMs` are told through their signal and left behind. */
  stop(options: { readonly withinMs: number }): Promise<void>;
};
