// What the checker has to be told of the server it checks: where it is, how to publish, how to recognise what was
// published, and what may be killed.

/** An event as it was on the wire. `id`: the last event id when it came, its own or an earlier event's. */
export type WireEvent = { readonly type: string; readonly data: string; readonly id: string };

/** A message of the checker: the `number`-th of its channel, counted from 1. */
export type Numbered = { readonly channel: number; readonly number: number };

export type Fault = {
  readonly name: string;
  /** Does the damage, and resolves once whatever was killed serves again. */
  strike(): Promise<void>;
};

export type Target = {
  /** Of the event stream, with what makes it bring every channel. Only http: is spoken. */
  readonly url: string;
  /** Several addresses of one service, of which each connection takes the next. Default: `url` alone. */
  readonly urls?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** How a client that comes back says where it was. Default: the Last-Event-ID header. */
  readonly resumeBy?: { readonly query: string };
  /**
   * Publishes a message; resolves once the server has promised not to lose it. Called again with the same message after
   * a rejection, so it must be one that the server takes for the same.
   */
  publish(message: Numbered): Promise<void>;
  /** Which message an event is; null: none of the checker's. */
  read(event: WireEvent): Numbered | null;
  /** Whether an event announces that something may be missing here. Default: events of the type `gap`. */
  readonly isGap?: (event: WireEvent) => boolean;
  readonly faults?: readonly Fault[];
};
