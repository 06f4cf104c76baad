// S6: nothing that is published breaks the framing, whoever reads it. Thousands of hostile messages, and a million with
// LONGWAVE_SOAK=1; a failure says the seed, LONGWAVE_SEED repeats it. Chromium reads them in
// tests/src/event-wire.e2e.test.ts.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { StoredMessage } from '@longwave/messaging/contract';
import { encodeEventData } from '../src/sse/event-data.ts';
import { heartbeatBlock, idLine } from '../src/sse/frame.ts';
import { evilMessage, randomFrom, webPlatformInputs } from './support/evil-payloads.ts';
import type { Dispatched } from './support/standard-parser.ts';
import { inPieces, parserReader, standardReader, UndiciReader, type WireReader } from './support/wire-readers.ts';

const isSoak = process.env['LONGWAVE_SOAK'] === '1';
const MESSAGES = isSoak ? 1_000_000 : 5_000;
const BATCH = 1_000;
const seed = Number(process.env['LONGWAVE_SEED'] ?? Date.now() % 2 ** 32);

let undici: UndiciReader;
beforeAll(async () => {
  undici = await UndiciReader.start();
});
afterAll(() => undici.stop());

/** As a client gets it, with a heartbeat now and then. */
function wireOf(messages: readonly StoredMessage[]): Buffer {
  return Buffer.concat(
    messages.flatMap((message, index) => {
      const event = [Buffer.from(idLine(`1~a.${index}.1`)), encodeEventData(message)];
      return index % 7 === 0 ? [...event, Buffer.from(heartbeatBlock(`1~a.${index}.1`))] : event;
    }),
  );
}

/** What was published, as any reader must see it. */
function expectedOf(message: StoredMessage, index: number): Dispatched {
  const line = encodeEventData(message).toString('utf8');
  return { type: 'message', data: line.slice('data: '.length, -2), lastEventId: `1~a.${index}.1` };
}

/** The payload, byte for byte or as the same JSON. */
function isFaithful({ data }: Dispatched, { payload, subject }: StoredMessage): boolean {
  const event: { subject: string; messageBase64?: string; message?: unknown } = JSON.parse(data);
  if (event.subject !== subject) return false;
  const { messageBase64 } = event;
  if (messageBase64 !== undefined) return messageBase64 === Buffer.from(payload).toString('base64');
  return JSON.stringify(event.message) === JSON.stringify(JSON.parse(Buffer.from(payload).toString('utf8')));
}

async function check(messages: readonly StoredMessage[], readers: readonly WireReader[], salt: number): Promise<void> {
  const expected = messages.map(expectedOf);
  const wire = wireOf(messages);
  for (const { name, read } of readers.map((reader) => ({ name: reader.name, read: reader.read.bind(reader) }))) {
    const got = await read(inPieces(wire, randomFrom(salt)));
    const wrong = expected.findIndex((event, index) => JSON.stringify(got[index]) !== JSON.stringify(event));
    if (wrong !== -1 || got.length !== expected.length) {
      throw differs(`${name} reads ${got.length} events`, salt, { got: got[wrong], expected: expected[wrong] });
    }
  }
  const unfaithful = messages.find((message, index) => !isFaithful(expectedOf(message, index), message));
  if (unfaithful !== undefined) throw differs('a payload is not what was published', salt, unfaithful);
}

function differs(what: string, salt: number, details: unknown): Error {
  return new Error(`seed ${seed}, batch ${salt}: ${what}: ${JSON.stringify(details)}`);
}

describe('what goes over the wire (S6)', () => {
  test(
    `of ${MESSAGES} hostile messages is the same events to three readers, with what was published in them`,
    async () => {
      for (let salt = seed; salt < seed + MESSAGES / BATCH; salt += 1) {
        const random = randomFrom(salt);
        const messages = Array.from({ length: BATCH }, (_, index) => evilMessage(random, index));
        await check(messages, [standardReader, parserReader, undici], salt);
      }
    },
    isSoak ? 1_800_000 : 60_000,
  );

  test('of what the web-platform-tests feed to browsers, as payload, as JSON text and as an id', async () => {
    const base = evilMessage(randomFrom(1), 1);
    const messages = webPlatformInputs.flatMap((input) => [
      { ...base, payload: Buffer.from(input) },
      { ...base, payload: Buffer.from(input, 'latin1') },
      { ...base, payload: Buffer.from(JSON.stringify(input)) },
      { ...base, headers: { 'Nats-Msg-Id': input } },
    ]);
    await check(messages, [standardReader, parserReader, undici], 1);
  });
});

describe('the judges', () => {
  // What browsers must make of these inputs, from web-platform-tests/eventsource.
  test.each([
    ['\uFEFFdata:1\n\n\uFEFFdata:2\n\ndata:3\n\n', ['1', '3']],
    ['data:test1\n\nid:test\ndata:test2', ['test1']],
    ['data:\n\ndata\ndata\n\ndata:test\n\n', ['', '\n', 'test']],
    ['data:\ttest\rdata: \ndata:test\n\n', ['\ttest\n\ntest']],
    ['data:test\r\ndata\ndata:test\r\n\r\n', ['test\n\ntest']],
    ['data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\ndata:test\n\n', ['test\n\ntest']],
    ['data:\0\n\n\n\n', ['\0']],
  ])('agree with the web-platform-tests on %j', async (input, data) => {
    for (const reader of [standardReader, parserReader, undici]) {
      const events = await reader.read([Buffer.from(input)]);
      expect([reader.name, events.map((event) => event.data)]).toEqual([reader.name, data]);
    }
  });
});
