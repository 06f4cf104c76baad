// The page's one connection to /events, over the browser's EventSource, and what state it is in.
//  F1 Every message is given to every listener once, in the order of the feed.
//  F2 Nothing goes missing silently: what cannot be resumed or read is a gap.
//  F3 It never gives up: where EventSource does (any answer but an event stream), it is opened anew after a growing,
//     jittered delay, and resumes after the last message seen.
//  F4 After `stop` nothing is open, waiting or told.
// It does not notice a connection that died without a word: EventSource hides the heartbeats.
import { readGap, readMessage, readUpstream, type FeedMessage, type Gap } from './feed-message.ts';

export type Connection =
  | { readonly state: 'connecting' }
  | { readonly state: 'live'; readonly since: Date }
  | { readonly state: 'reconnecting'; readonly since: Date; readonly attempt: number };

/** `upstream`: whether the proxy at the other end reaches the broker. */
export type FeedSnapshot = { readonly connection: Connection; readonly upstream: 'up' | 'down' };

export type FeedListener = {
  readonly onMessage?: (message: FeedMessage) => void;
  readonly onGap?: (gap: Gap) => void;
  readonly onSnapshot?: (snapshot: FeedSnapshot) => void;
};

/** What is used of an EventSource. */
export type EventStream = {
  readonly readyState: number;
  addEventListener(
    type: string,
    listener: (event: { readonly data?: unknown; readonly lastEventId?: string }) => void,
  ): void;
  close(): void;
};

export type EventFeedOptions = {
  /** The address with its `subject` parameters. */
  readonly url: string;
  readonly open: (url: string) => EventStream;
  readonly now: () => Date;
  readonly random: () => number;
  readonly reopenAfterMs?: number;
  readonly reopenAfterMsMax?: number;
};

/** EventSource.CLOSED, which a non-browser implementation need not have as a global. */
const CLOSED = 2;

const BEFORE_START: FeedSnapshot = { connection: { state: 'connecting' }, upstream: 'up' };

export class EventFeed {
  readonly #options: Required<EventFeedOptions>;
  readonly #listeners = new Set<FeedListener>();
  #snapshot = BEFORE_START;
  #stream: EventStream | null = null;
  #reopening: ReturnType<typeof setTimeout> | undefined;
  #cursor = '';

  constructor(options: EventFeedOptions) {
    this.#options = { reopenAfterMs: 1_000, reopenAfterMsMax: 30_000, ...options };
  }

  snapshot(): FeedSnapshot {
    return this.#snapshot;
  }

  /** Adds a listener; the function returned removes it. */
  listen(listener: FeedListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  start(): void {
    if (this.#stream === null && this.#reopening === undefined) this.#open();
  }

  stop(): void {
    clearTimeout(this.#reopening);
    this.#reopening = undefined;
    this.#stream?.close();
    this.#stream = null;
    this.#snapshot = BEFORE_START;
  }

  #open(): void {
    this.#reopening = undefined;
    const stream = this.#options.open(withCursor(this.#options.url, this.#cursor));
    this.#stream = stream;
    // An EventSource that was open once sends its own cursor when it reconnects: the first block carries one.
    let canResume = this.#cursor !== '';
    const on = (type: string, handle: (data: string, id: string) => void): void =>
      stream.addEventListener(type, ({ data, lastEventId }) => {
        if (this.#stream === stream) handle(String(data), lastEventId ?? '');
      });
    on('open', () => {
      this.#opened(canResume);
      canResume = true;
    });
    on('error', () => this.#failed(stream));
    on('message', (data, id) => this.#received(data, id));
    on('gap', (data, id) => this.#missed(readGap(data), id));
    on('upstream', (data) => this.#become({ ...this.#snapshot, upstream: readUpstream(data) }));
  }

  #opened(canResume: boolean): void {
    const wasAway = this.#snapshot.connection.state === 'reconnecting';
    this.#become({ connection: { state: 'live', since: this.#options.now() }, upstream: 'up' });
    if (wasAway && !canResume) this.#missed({ stream: null, from: null, to: null, reason: 'no-cursor' }, '');
  }

  #failed(stream: EventStream): void {
    const { connection, upstream } = this.#snapshot;
    const attempt = connection.state === 'reconnecting' ? connection.attempt + 1 : 1;
    const since = connection.state === 'reconnecting' ? connection.since : this.#options.now();
    if (stream.readyState === CLOSED) this.#reopenLater(attempt);
    this.#become({ connection: { state: 'reconnecting', since, attempt }, upstream });
  }

  #reopenLater(attempt: number): void {
    const { reopenAfterMs, reopenAfterMsMax, random } = this.#options;
    const delayMs = Math.min(reopenAfterMsMax, reopenAfterMs * 2 ** (attempt - 1)) * (0.5 + random() / 2);
    this.#stream = null;
    this.#reopening = setTimeout(() => this.#open(), delayMs);
  }

  #received(data: string, id: string): void {
    const message = readMessage(data, id);
    if (message === null) return this.#missed({ stream: null, from: null, to: null, reason: 'unreadable' }, id);
    this.#cursor = id;
    for (const listener of this.#listeners) listener.onMessage?.(message);
  }

  #missed(gap: Gap, id: string): void {
    if (id !== '') this.#cursor = id;
    for (const listener of this.#listeners) listener.onGap?.(gap);
  }

  #become(snapshot: FeedSnapshot): void {
    this.#snapshot = snapshot;
    for (const listener of this.#listeners) listener.onSnapshot?.(snapshot);
  }
}

function withCursor(url: string, cursor: string): string {
  return cursor === '' ? url : `${url}${url.includes('?') ? '&' : '?'}lastEventId=${encodeURIComponent(cursor)}`;
}

/** `/events?subject=…` for filters of any number. */
export function eventsUrl(subjects: readonly string[]): string {
  return `/events?${subjects.map((subject) => `subject=${encodeURIComponent(subject)}`).join('&')}`;
}
