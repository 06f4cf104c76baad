// A client behind a bare socket. The body ends with the connection instead of being chunked: then any blocks are a
// valid write as they are, shared by all clients, in one system call. There is one of these for every client, so it
// keeps no function of its own: a closure costs as much as all of its fields.
import type { Socket } from 'node:net';
import type { Outlet, OutletListener } from '../sse/outlet.ts';

/** Finds out that a peer vanished while there is nothing to send to it. */
const KEEP_ALIVE_PROBE_MS = 30_000;
/** Who has asked for an endless answer has nothing to say any more; what comes all the same is dropped, up to here. */
const SAID_BYTES_MAX = 64 * 1024;
const NOTHING = Buffer.alloc(0);

export class SocketOutlet implements Outlet {
  readonly #socket: Socket;
  readonly #onClosed: () => void;
  #listener: OutletListener | null = null;

  /** `socket` has been given the head of the answer, and ignores its errors. `onClosed` is called before the listener. */
  constructor(socket: Socket, onClosed: () => void) {
    this.#socket = socket;
    this.#onClosed = onClosed;
    socket.setKeepAlive(true, KEEP_ALIVE_PROBE_MS);
    // Reading is how one hears that the peer has gone.
    socket.on('data', dropWhatIsSaid);
    socket.on('end', cut);
    socket.on('close', () => this.#close());
    socket.resume();
  }

  listen(listener: OutletListener): void {
    this.#listener = listener;
  }

  /**
   * Not the result of Node's own `write`: that is true until 64 KiB wait in this process. What counts is whether the
   * kernel took everything. Only when it did not, a write of nothing behind it says when it has.
   */
  write(blocks: Buffer): boolean {
    const socket = this.#socket;
    if (socket.destroyed) return true;
    socket.write(blocks);
    if (socket.writableLength === 0) return true;
    socket.write(NOTHING, () => this.#drain());
    return false;
  }

  end(blocks: Buffer): void {
    if (this.#socket.destroyed) return;
    this.#socket.write(blocks);
    // Not `end` alone: a peer that does not close its side would keep the connection.
    this.#socket.destroySoon();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #drain(): void {
    if (!this.#socket.destroyed) this.#listener?.onWritable();
  }

  #close(): void {
    this.#onClosed();
    this.#listener?.onClosed();
  }
}

/** One function for all sockets. */
function dropWhatIsSaid(this: Socket): void {
  if (this.bytesRead > SAID_BYTES_MAX) this.destroy();
}

/** Half a connection is none: who does not listen any more is gone. */
function cut(this: Socket): void {
  this.destroy();
}
