// What is different about Server-Sent Events. A native EventSource that is answered anything but 200 gives up for ever,
// so "come back later" is a stream that ends at once (E1); and a stream never ends by itself, so stopping ends it (E2).
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A service that is restarted is back by then; spread so that its clients do not return as one. */
const RETRY_MS = { min: 1_000, spread: 2_000 };
/** Finds out that a peer vanished while there is nothing to send to it. */
const KEEP_ALIVE_PROBE_MS = 30_000;

/** Only an EventSource says `text/event-stream` by name. */
export function wantsEventStream({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.accept?.includes('text/event-stream') === true;
}

/** (E1) `random` is in [0, 1). */
export function askToComeBack(response: ServerResponse, random: number): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store, no-transform' });
  // No blank line: at the end of a block without an id the standard has a client forget the one it came with.
  response.end(`retry: ${Math.round(RETRY_MS.min + random * RETRY_MS.spread)}\n`);
}

/** The streams that are open. */
export class EventStreams {
  readonly #open = new Map<ServerResponse, () => void>();
  #isDraining = false;

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Keeps `response`, whose head is out, until it is closed; `end` ends it. */
  add(response: ServerResponse, end: () => void): void {
    response.socket?.setKeepAlive(true, KEEP_ALIVE_PROBE_MS);
    this.#open.set(response, end);
    response.once('close', () => this.#open.delete(response));
  }

  /** (E2) Nothing is said before: what was passed on last may be half an event. */
  drain(): void {
    this.#isDraining = true;
    for (const end of this.#open.values()) end();
  }
}
