// The way to one client, whatever carries it: a bare socket (`connection/socket-outlet.ts`) or Node's HTTP response
// (`http/response-outlet.ts`).

export interface OutletListener {
  /** It takes more again, after a write that was answered with false. */
  onWritable(): void;
  onClosed(): void;
}

export interface Outlet {
  /** Hands over whole blocks. False: the client takes no more for now, and `onWritable` says when it does again. */
  write(blocks: Buffer): boolean;
  /** Writes what is left and ends the stream; the client will reconnect. */
  end(blocks: Buffer): void;
  /** Cuts the connection. */
  destroy(): void;
  /** Once. Nothing is called after `onClosed`. An object, not functions: there is one for every client. */
  listen(listener: OutletListener): void;
}
