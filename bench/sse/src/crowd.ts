// Many clients of an event stream in one process, which cost as little as clients can: they count marks and read
// nothing. A few of them may be given to somebody who does read.
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type Socket } from 'node:net';
import { MARK_BYTE, type Contender } from './contenders/contender.ts';

export type CrowdOptions = {
  readonly count: number;
  /** Added to each request, with the line's end. */
  readonly header?: string;
  readonly path?: string;
  /** Is given what the first `readers` clients hear; the bytes are those of the next one as soon as it returns. */
  readonly readers?: number;
  readonly onBytes?: (bytes: Buffer) => void;
};

/** More at once than a backlog takes would be refused. */
const OPENING_MAX = 200;
const BUFFER_BYTES = 64 * 1024;
const LOOK_MS = 1;
const WITHIN_MS = 120_000;

export class Crowd {
  readonly #sockets: Socket[] = [];
  /** Events that all of them have heard together. */
  events = 0;
  lost = 0;
  #open = 0;
  #isClosing = false;

  static async connect(target: Pick<Contender, 'port' | 'path'>, options: CrowdOptions): Promise<Crowd> {
    const crowd = new Crowd();
    for (let opened = 0; opened < options.count; opened += 1) {
      crowd.#add(target, options, opened < (options.readers ?? 0));
      if (opened - crowd.#open >= OPENING_MAX) await crowd.until(() => opened - crowd.#open < OPENING_MAX / 2);
    }
    await crowd.until(() => crowd.#open === options.count);
    return crowd;
  }

  get size(): number {
    return this.#sockets.length;
  }

  /** Resolves once all of them together have heard so many. */
  async untilEvents(count: number): Promise<void> {
    await this.until(() => this.events >= count);
  }

  /** Rejects after two minutes, and says how far it has come. */
  async until(isTrue: () => boolean): Promise<void> {
    const deadline = performance.now() + WITHIN_MS;
    while (!isTrue()) {
      if (performance.now() > deadline)
        throw new Error(
          `after ${WITHIN_MS / 1_000} s: ${this.#open} of ${this.size} open, ${this.lost} lost, ${this.events} events heard`,
        );
      await sleep(LOOK_MS);
    }
  }

  /** These take nothing more from their sockets. */
  stall(count: number): void {
    for (const socket of this.#sockets.slice(-count)) socket.pause();
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    for (const socket of this.#sockets) socket.destroy();
    await this.until(() => this.#sockets.every((socket) => socket.destroyed));
  }

  #add({ port, path }: Pick<Contender, 'port' | 'path'>, options: CrowdOptions, isReader: boolean): void {
    let isOpen = false;
    const onData = (length: number): void => {
      if (!isOpen) {
        isOpen = true;
        this.#open += 1;
      }
      const heard = SHARED_BUFFER.subarray(0, length);
      for (let at = heard.indexOf(MARK_BYTE); at !== -1; at = heard.indexOf(MARK_BYTE, at + 1)) this.events += 1;
      if (isReader) options.onBytes?.(heard);
    };
    const socket = connect({
      host: '127.0.0.1',
      port,
      onread: {
        buffer: SHARED_BUFFER,
        callback: (length: number) => {
          onData(length);
          return true;
        },
      },
    });
    socket.on('error', () => undefined);
    socket.on('close', () => (this.lost += this.#isClosing ? 0 : 1));
    const request = `GET ${options.path ?? path} HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\n${options.header ?? ''}\r\n`;
    socket.write(request);
    this.#sockets.push(socket);
  }
}

/** What is counted is looked at before the next socket is read. */
const SHARED_BUFFER = Buffer.alloc(BUFFER_BYTES);
