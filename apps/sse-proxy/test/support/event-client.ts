// A client that keeps everything it was sent, byte for byte, and can see what EventSource hides: blocks without data,
// comments, retry.
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { until } from '@longwave/embedded/testing';

export type Block = {
  readonly id?: string;
  readonly event?: string;
  readonly data?: string;
  readonly retry?: string;
};

/** The data of an event with the default type. */
export type EventData = {
  readonly subject: string;
  readonly id: string;
  readonly time: string;
  readonly message?: unknown;
  readonly messageBase64?: string;
};

export class EventClient {
  readonly blocks: Block[] = [];
  readonly response: IncomingMessage;
  isEnded = false;
  #rest = '';
  readonly #request: ClientRequest;

  private constructor(outgoing: ClientRequest, response: IncomingMessage) {
    this.#request = outgoing;
    this.response = response;
    response.setEncoding('utf8');
    response.on('data', (text: string) => this.#read(text));
    response.on('close', () => (this.isEnded = true));
    response.on('error', () => (this.isEnded = true));
  }

  /** Resolves with the head of the answer, whatever its status. */
  static open(address: string, query: string, headers: Readonly<Record<string, string>> = {}): Promise<EventClient> {
    const { promise, resolve, reject } = Promise.withResolvers<EventClient>();
    const all = { accept: 'text/event-stream', ...headers };
    const outgoing = request(`${address}/events?${query}`, { headers: all, agent: false });
    outgoing.on('response', (response) => resolve(new EventClient(outgoing, response)));
    outgoing.on('error', reject);
    outgoing.end();
    return promise;
  }

  /** Follows the subjects; resolves when the first block is there. */
  static async follow(address: string, subjects: readonly string[], lastEventId?: string): Promise<EventClient> {
    const query = subjects.map((subject) => `subject=${encodeURIComponent(subject)}`).join('&');
    const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
    const client = await EventClient.open(address, query, headers);
    await client.until('the first block', () => client.lastEventId !== '');
    return client;
  }

  get events(): readonly EventData[] {
    return this.blocks.flatMap(({ event, data }) => (event === undefined && data !== undefined ? [parse(data)] : []));
  }

  /** What the events say, in their order. */
  get messages(): readonly unknown[] {
    return this.events.map(({ message }) => message);
  }

  /** Our own events of a type. */
  notices(type: 'gap' | 'upstream'): readonly unknown[] {
    return this.blocks.flatMap(({ event, data }) => (event === type && data !== undefined ? [JSON.parse(data)] : []));
  }

  /** What an EventSource would send when it reconnects now. */
  get lastEventId(): string {
    return this.blocks.findLast(({ id }) => id !== undefined)?.id ?? '';
  }

  /** What came after the last blank line: lines that no block has been made of. */
  get unfinished(): string {
    return this.#rest;
  }

  async until(what: string, condition: () => boolean, withinMs?: number): Promise<void> {
    try {
      await until(what, condition, withinMs);
    } catch (cause) {
      const tail = JSON.stringify(this.blocks.slice(-5));
      throw new Error(`${String(cause)}; ${this.events.length} events, the last blocks: ${tail}`, { cause });
    }
  }

  async untilEvents(count: number, withinMs?: number): Promise<void> {
    await this.until(`${count} events are there`, () => this.events.length >= count, withinMs);
  }

  close(): void {
    this.#request.destroy();
  }

  #read(text: string): void {
    const parts = (this.#rest + text).split('\n\n');
    this.#rest = parts.pop() ?? '';
    for (const part of parts) this.blocks.push(readBlock(part));
  }
}

function parse(data: string): EventData {
  return JSON.parse(data) as EventData; // what the service promises to send; the tests look at it
}

function readBlock(text: string): Block {
  const fields = text.split('\n').map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 2)];
  });
  return Object.fromEntries(fields.filter(([name]) => name !== ''));
}
