// Three readers of Server-Sent Events that share no line of code: the algorithm of the standard, the parser that most
// clients use, and the EventSource of undici behind a real connection.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createParser } from 'eventsource-parser';
import { EventSource } from 'undici';
import type { Random } from './evil-payloads.ts';
import { parseByTheStandard, type Dispatched } from './standard-parser.ts';

export type WireReader = {
  readonly name: string;
  readonly read: (pieces: readonly Buffer[]) => readonly Dispatched[] | Promise<readonly Dispatched[]>;
};

/** Anywhere, also within a character: a network cuts where it likes. */
export function inPieces(bytes: Buffer, random: Random): readonly Buffer[] {
  const pieces: Buffer[] = [];
  for (let from = 0; from < bytes.length;) {
    const to = from + 1 + random.below(4_000);
    pieces.push(bytes.subarray(from, to));
    from = to;
  }
  return pieces;
}

export const standardReader: WireReader = {
  name: 'the standard',
  read: (pieces) => parseByTheStandard(Buffer.concat([...pieces])).events,
};

export const parserReader: WireReader = {
  name: 'eventsource-parser',
  read: (pieces) => {
    const events: Dispatched[] = [];
    const parser = createParser({
      onEvent: ({ event = 'message', data, id = '' }) => events.push({ type: event, data, lastEventId: id }),
    });
    const decoder = new TextDecoder('utf-8');
    for (const piece of pieces) parser.feed(decoder.decode(piece, { stream: true }));
    return events;
  },
};

/** Serves what it is given, and reads it back as a browser would. */
export class UndiciReader implements WireReader {
  readonly name = 'undici';
  readonly #server: Server;
  #pieces: readonly Buffer[] = [];

  private constructor() {
    this.#server = createServer((_request, response) => {
      // Not kept: a connection that was closed a moment before it is used again is an error of nobody's framing.
      response.writeHead(200, { 'content-type': 'text/event-stream', connection: 'close' });
      for (const piece of this.#pieces) response.write(piece);
      response.end();
    });
  }

  static async start(): Promise<UndiciReader> {
    const reader = new UndiciReader();
    await new Promise<void>((resolve) => reader.#server.listen(0, '127.0.0.1', resolve));
    return reader;
  }

  async read(pieces: readonly Buffer[]): Promise<readonly Dispatched[]> {
    this.#pieces = pieces;
    const { port } = this.#server.address() as AddressInfo; // it listens on a port
    const source = new EventSource(`http://127.0.0.1:${port}/`);
    const events: Dispatched[] = [];
    source.addEventListener('message', ({ type, data, lastEventId }) => {
      events.push({ type, data: String(data), lastEventId });
    });
    // The end of the answer is an error to it, after which it would come back.
    await new Promise<void>((resolve) => source.addEventListener('error', () => resolve(source.close())));
    return events;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
