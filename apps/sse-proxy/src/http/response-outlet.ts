// A client behind Node's HTTP response. The body ends with the connection instead of being chunked: then any blocks
// are a valid write as they are, shared by all clients, in one system call.
import type { ServerResponse } from 'node:http';
import type { Outlet, OutletListener } from '../sse/outlet.ts';

/** Finds out that a peer vanished while there is nothing to send to it. */
const KEEP_ALIVE_PROBE_MS = 30_000;

export class ResponseOutlet implements Outlet {
  readonly #response: ServerResponse;
  #listener: OutletListener | null = null;

  /** `response` has its headers and nothing else. */
  constructor(response: ServerResponse) {
    this.#response = response;
    response.socket?.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_PROBE_MS);
  }

  listen(listener: OutletListener): void {
    this.#listener = listener;
    this.#response.once('close', () => listener.onClosed());
    // What can go wrong is that the peer is gone, and 'close' says so.
    this.#response.on('error', () => undefined);
  }

  /**
   * Not the result of Node's own `write`: that is true until 64 KiB wait in this process. What counts is whether the
   * kernel took everything; 'drain' would not tell, so every write says when it is through.
   */
  write(blocks: Buffer): boolean {
    const response = this.#response;
    if (response.destroyed) return true;
    response.write(blocks, this.#flushed);
    return response.writableLength === 0;
  }

  end(blocks: Buffer): void {
    if (!this.#response.destroyed) this.#response.end(blocks);
  }

  destroy(): void {
    this.#response.destroy();
  }

  readonly #flushed = (): void => {
    if (!this.#response.destroyed && this.#response.writableLength === 0) this.#listener?.onWritable();
  };
}
