// The way to one client, whatever carries it. Implemented on Node's HTTP response in `http/response-outlet.ts`.

export interface Outlet {
  /** Hands over whole blocks. False: the client takes no more for now, and `onWritable` says when it does again. */
  write(blocks: Buffer): boolean;
  /** Writes what is left and ends the stream; the client will reconnect. */
  end(blocks: Buffer): void;
  /** Cuts the connection. */
  destroy(): void;
  /** Both are called at most once at a time; nothing is called after `onClosed`. */
  listen(listener: { readonly onWritable: () => void; readonly onClosed: () => void }): void;
}
