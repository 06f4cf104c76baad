// A connection of which nobody knows yet what it wants. It ends in one of three ways: its head is read and decided on,
// it is passed on to node:http with every byte that was read, or it is gone.
import type { Socket } from 'node:net';
import { readRequestHead, type RequestHead } from './request-head.ts';

export type ArrivalOptions = {
  readonly socket: Socket;
  /** Gives the socket to node:http. */
  readonly passOn: () => void;
  /** Says whether it takes the connection. */
  readonly onHead: (head: RequestHead, socket: Socket) => boolean;
  /** Called once, in any case, before one of the others. */
  readonly onOver: (arrival: Arrival) => void;
};

const NOTHING = Buffer.alloc(0);

export class Arrival {
  /** Ticks of the door's clock that it has spent here. */
  ticks = 0;
  readonly #options: ArrivalOptions;
  #bytes: Buffer = NOTHING;

  constructor(options: ArrivalOptions) {
    this.#options = options;
    const { socket } = options;
    socket.on('data', this.#receive);
    socket.on('end', this.#leave);
    socket.on('close', this.#leave);
    socket.on('error', ignore);
  }

  /** (K1) */
  passOn(): void {
    const { socket, passOn } = this.#options;
    this.#conclude();
    socket.off('error', ignore);
    // Paused meanwhile, or what is put back would be given to nobody.
    socket.pause();
    if (this.#bytes.length > 0) socket.unshift(this.#bytes);
    passOn();
    socket.resume();
  }

  /** Gone, or to go. */
  readonly #leave = (): void => {
    this.#conclude();
    this.#options.socket.destroy();
  };

  readonly #receive = (bytes: Buffer): void => {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
    const head = readRequestHead(this.#bytes);
    if (head === 'incomplete') return;
    if (head === 'other') return this.passOn();
    const { socket, onHead } = this.#options;
    if (!onHead(head, socket)) return this.passOn();
    this.#conclude();
  };

  destroy(): void {
    this.#leave();
  }

  #conclude(): void {
    const { socket, onOver } = this.#options;
    socket.off('data', this.#receive);
    socket.off('end', this.#leave);
    socket.off('close', this.#leave);
    onOver(this);
  }
}

/** What can go wrong is that the peer is gone, and 'close' says so. Stays for as long as the socket is ours. */
function ignore(): void {}
