// One connection for everybody who listens, over HTTP, that stays: it is opened anew whenever it ends, after the last
// event it brought, with whatever filters are asked for then. The cursor is about positions and not about filters, so
// filters can change without a loss.
import { requestEvents, type Ending, type RequestHeaders } from './event-request.ts';
import type { Block } from './event-parser.ts';
import { readEvent, readGap, readUpstream, type Gap } from './feed-event.ts';
import { idle, type Feed, type FeedListener, type Status } from './feed.ts';

export type HttpFeedOptions = {
  /** Of the proxy's `/events`; the filters are added to it. */
  readonly url: string | URL;
  /** Go on after this one: what a program stored when it stopped. Default: start live. */
  readonly cursor?: string;
  /** Asked before every connection, for tokens that are renewed. */
  readonly headers?: () => RequestHeaders | Promise<RequestHeaders>;
  /** Default: `same-origin`. */
  readonly credentials?: NonNullable<RequestInit['credentials']>;
  readonly reopenAfterMs?: number;
  readonly reopenAfterMsMax?: number;
  /** Default: 45 s; the proxy's heartbeats come at least every 20 s. */
  readonly silenceMsMax?: number;
  /** Tells `online` when the machine is connected again, which is worth a try at once. Default: the global scope. */
  readonly network?: Network | undefined;
  readonly fetch?: typeof fetch;
  readonly now?: () => Date;
  readonly random?: () => number;
};

export type Network = {
  addEventListener(type: 'online', listener: () => void): void;
  removeEventListener(type: 'online', listener: () => void): void;
};

export class HttpFeed implements Feed {
  readonly #options: Required<HttpFeedOptions>;
  readonly #listener: FeedListener;
  #status: Status = idle;
  #cursor: string;
  /** What is wanted, what the open connection was asked for, and what the server took last. */
  #wanted: readonly string[] = [];
  #asked: readonly string[] = [];
  #taken: readonly string[] = [];
  #request: AbortController | null = null;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;

  constructor(listener: FeedListener, options: HttpFeedOptions) {
    this.#listener = listener;
    this.#cursor = options.cursor ?? '';
    this.#options = { ...defaults(), ...options };
  }

  listenTo(filters: readonly string[]): void {
    this.#wanted = filters;
    if (filters.length === 0) return this.#stop();
    // The next connection asks for what is wanted then.
    if (this.#waiting !== undefined) return;
    // A connection that brings more than is wanted is left alone until it ends by itself.
    const isServed = this.#request !== null && filters.every((filter) => this.#asked.includes(filter));
    if (!isServed) this.#open();
  }

  close(): void {
    this.#stop();
  }

  #stop(): void {
    this.#stopWaiting();
    this.#request?.abort();
    this.#request = null;
    this.#asked = [];
    this.#attempt = 0;
    if (this.#status.connection.state !== 'refused') this.#become(idle);
  }

  readonly #open = (): void => {
    this.#stopWaiting();
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    this.#asked = this.#wanted;
    const { state } = this.#status.connection;
    if (state === 'idle' || state === 'refused') this.#become({ connection: { state: 'connecting' }, upstream: 'up' });
    void this.#follow(request.signal);
  };

  #stopWaiting(): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    this.#options.network?.removeEventListener('online', this.#open);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const ending = await this.#ask(signal).catch((): Ending => {
      this.#listener.onGap(unknownGap('event-too-long'));
      return { kind: 'ended' };
    });
    if (signal.aborted) return;
    this.#request = null;
    if (ending.kind === 'refused') this.#refused(ending);
    else this.#reopenLater(ending.afterMs);
  }

  #ask(signal: AbortSignal): Promise<Ending> {
    const { url, ...options } = this.#options;
    const address = withSubjects(url, this.#asked);
    const onOpen = (): void => this.#opened();
    const onBlock = (block: Block): void => this.#take(block);
    return requestEvents({ ...options, url: address, cursor: this.#cursor, onOpen, onBlock }, signal);
  }

  #opened(): void {
    const { connection } = this.#status;
    this.#taken = this.#asked;
    const since = connection.state === 'live' ? connection.since : this.#options.now();
    // A proxy whose broker is away says so next.
    this.#become({ connection: { state: 'live', since }, upstream: 'up' });
    if (connection.state === 'reconnecting' && this.#cursor === '') this.#listener.onGap(unknownGap('no-cursor'));
  }

  #take({ type, data, id }: Block): void {
    if (id !== '') {
      this.#cursor = id;
      // It works: the next failure is a first one again.
      this.#attempt = 0;
    }
    if (data === null) return;
    if (type === 'message') this.#tell(data, id);
    else if (type === 'gap') this.#listener.onGap(readGap(data));
    else if (type === 'upstream') this.#become({ ...this.#status, upstream: readUpstream(data) });
  }

  #tell(data: string, cursor: string): void {
    const event = readEvent(data, cursor);
    if (event === null) this.#listener.onGap(unknownGap('unreadable'));
    else this.#listener.onEvent(event);
  }

  #reopenLater(afterMs: number | undefined): void {
    this.#attempt += 1;
    const { connection, upstream } = this.#status;
    const since = connection.state === 'reconnecting' ? connection.since : this.#options.now();
    this.#waiting = setTimeout(this.#open, this.#delayMs(afterMs));
    this.#options.network?.addEventListener('online', this.#open);
    this.#become({ connection: { state: 'reconnecting', since, attempt: this.#attempt }, upstream });
  }

  /** The server's wish is a lower bound, with jitter on top; without one it doubles, with jitter below. */
  #delayMs(afterMs: number | undefined): number {
    const { reopenAfterMs, reopenAfterMsMax, random } = this.#options;
    const grownMs = Math.min(reopenAfterMsMax, reopenAfterMs * 2 ** (this.#attempt - 1)) * (0.5 + random() / 2);
    return afterMs === undefined ? grownMs : Math.max(grownMs, afterMs * (1 + random() / 2));
  }

  /** What the server said no to is what it names, or else whoever came last; the others go on without. */
  #refused({ refusal, filters }: Ending & { readonly kind: 'refused' }): void {
    const refused = this.#asked;
    const isNamed = refused.some((filter) => filters.includes(filter));
    const kept = this.#wanted.filter((filter) => (isNamed ? !filters.includes(filter) : this.#taken.includes(filter)));
    const newcomers = refused.filter((filter) => !kept.includes(filter));
    const someoneStays = kept.length > 0 && newcomers.length > 0;
    this.#taken = someoneStays ? kept : [];
    if (someoneStays) {
      this.#wanted = kept;
      this.#open();
    } else {
      this.#asked = [];
      this.#become({ connection: { state: 'refused', refusal }, upstream: 'up' });
    }
    this.#listener.onRefused(someoneStays ? newcomers : refused, refusal);
  }

  #become(status: Status): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#listener.onStatus(status);
  }
}

function defaults(): Omit<Required<HttpFeedOptions>, 'url'> {
  return {
    cursor: '',
    headers: () => ({}),
    credentials: 'same-origin',
    reopenAfterMs: 1_000,
    reopenAfterMsMax: 30_000,
    silenceMsMax: 45_000,
    network: globalNetwork(),
    // As a method of another object it would refuse to be called.
    fetch: (...request) => fetch(...request),
    now: () => new Date(),
    random: Math.random,
  };
}

/** Node's global scope tells nothing. */
function globalNetwork(): Network | undefined {
  const scope: object = globalThis;
  return 'addEventListener' in scope ? (scope as Network) : undefined;
}

function unknownGap(reason: string): Gap {
  return { stream: null, from: null, to: null, reason };
}

function withSubjects(url: string | URL, filters: readonly string[]): string {
  const text = String(url);
  const query = filters.map((filter) => `subject=${encodeURIComponent(filter)}`).join('&');
  return `${text}${text.includes('?') ? '&' : '?'}${query}`;
}
