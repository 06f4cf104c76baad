// One client of the checked server: a socket that is opened anew whenever it ends, or is killed, with the last id it
// saw, as a browser would.
import { connect, type Socket } from 'node:net';
import type { WireEvent } from './target.ts';
import { WireReader, type Head } from './wire-reader.ts';

export type StreamClientOptions = {
  readonly urls: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly resumeBy: { readonly query: string } | 'header';
  readonly random: () => number;
  readonly onOpen: () => void;
  readonly onEvent: (event: WireEvent) => void;
  /** An answer that is no event stream. A browser would give up for ever on it. */
  readonly onRefused: (status: number) => void;
};

const REOPEN_AFTER_MS = 200;
const REOPEN_AFTER_MS_MAX = 5_000;
/** A server that answers nothing for so long has lost this client. */
const SILENCE_MS_MAX = 60_000;

export class StreamClient {
  readonly #options: StreamClientOptions;
  #socket: Socket | null = null;
  #reopening: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;
  #lastId = '';
  #retryMs = REOPEN_AFTER_MS;
  #failures = 0;
  #connections = 0;

  constructor(options: StreamClientOptions) {
    this.#options = options;
  }

  /** How often a connection was opened. */
  get connections(): number {
    return this.#connections;
  }

  open(): void {
    const address = new URL(this.#options.urls[this.#connections % this.#options.urls.length] ?? '');
    this.#connections += 1;
    const socket = connect(Number(address.port || '80'), address.hostname);
    this.#socket = socket;
    const reader = this.#readerOf(socket);
    socket.setTimeout(SILENCE_MS_MAX, () => socket.destroy());
    socket.on('connect', () => socket.write(this.#request(address)));
    socket.on('data', (bytes: Buffer) => {
      try {
        reader.push(bytes);
      } catch {
        // What is not HTTP is no answer; it is asked again.
        socket.destroy();
      }
    });
    // 'close' follows, and is what is acted on.
    socket.on('error', () => undefined);
    socket.on('end', () => socket.end());
    socket.on('close', () => this.#reopenLater());
  }

  /** Cuts the connection without a word; the client comes back. */
  kill(): void {
    this.#socket?.resetAndDestroy();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#reopening);
    this.#socket?.destroy();
  }

  #readerOf(socket: Socket): WireReader {
    const { onOpen, onEvent, onRefused } = this.#options;
    return new WireReader({
      onHead: (head) => {
        if (isEventStream(head)) return onOpen();
        onRefused(head.status);
        socket.destroy();
      },
      onEvent: (event) => {
        if (!socket.destroyed) onEvent(event);
      },
      onId: (id) => {
        if (socket.destroyed) return;
        this.#lastId = id;
        this.#failures = 0;
      },
      onRetry: (retryMs) => (this.#retryMs = retryMs),
      // The connection could serve another request; a browser's next one is the same stream again.
      onEnd: () => socket.destroy(),
    });
  }

  #request(address: URL): string {
    const { headers, resumeBy } = this.#options;
    const resume = this.#lastId === '' ? {} : { 'last-event-id': this.#lastId };
    if (resumeBy !== 'header' && this.#lastId !== '') address.searchParams.set(resumeBy.query, this.#lastId);
    const fields = {
      host: address.host,
      accept: 'text/event-stream',
      ...(resumeBy === 'header' ? resume : {}),
      ...headers,
    };
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    return `GET ${address.pathname}${address.search} HTTP/1.1\r\n${lines.join('')}\r\n`;
  }

  #reopenLater(): void {
    this.#socket = null;
    if (this.#isClosed) return;
    const delayMs = Math.min(REOPEN_AFTER_MS_MAX, this.#retryMs * 2 ** Math.min(this.#failures, 5));
    this.#failures += 1;
    this.#reopening = setTimeout(() => this.open(), delayMs * (0.5 + this.#options.random() / 2));
  }
}

function isEventStream({ status, headers }: Head): boolean {
  return status === 200 && (headers.get('content-type') ?? '').startsWith('text/event-stream');
}
