// What goes over the wire, against three readers of it: the parser that most clients use, an EventSource, and the
// algorithm of the standard. D1–D3, F1–F3. A failure prints its seed.
import { describe, expect, test } from '@jest/globals';
import { idOf, type StoredMessage } from '@longwave/messaging/contract';
import { isDeepStrictEqual } from 'node:util';
import { EventSource } from 'eventsource';
import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { parseByTheStandard, type Dispatched } from '../../test/support/standard-parser.ts';
import { encodeEventData } from './event-data.ts';
import { gapBlock, heartbeatBlock, idBlock, idLine, retryLine, upstreamBlock } from './frame.ts';

const stored = (changed: Partial<StoredMessage>): StoredMessage => ({
  stream: 's',
  epoch: 1,
  sequence: 1,
  storedAt: new Date('2026-11-21T12:00:00.123Z'),
  subject: 'a.b',
  headers: {},
  payload: Buffer.from('{}'),
  ...changed,
});

const evil = fc.constantFrom(
  '\n', '\r', '\r\n', '\n\n', '\0', '\uFEFF', '\u2028', '\uD800', '"', '\\', ':', ' ', '}', '"}\n\n', '\n\ndata: forged',
  '\r\revent: error\rdata: x\r\r', 'id: 1\n', '","message":{}}', '\u{1F4FB}', '</script>', 'retry: 0\n',
); // prettier-ignore
const text = fc.array(fc.oneof(evil, fc.string({ unit: 'binary' })), { maxLength: 6 }).map((parts) => parts.join(''));
const spaces = fc.constantFrom('', ' ', '\n', '\r', '\r\n', '\t\r');
/** JSON as other publishers write it: white space anywhere, numbers that no double holds. */
const json = fc
  .tuple(spaces, fc.oneof(fc.jsonValue(), text), spaces)
  .map(([before, value, after]) => before + JSON.stringify(value, null, after.replaceAll('\t', '\n')) + after);
const payload = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  json.map((written) => Buffer.from(written)),
  text.map((written) => Buffer.from(written)),
  fc
    .constantFrom('', '\uFEFF{}', '{} {}', '{"a":1', '123456789012345678901234567890', 'nul')
    .map((it) => Buffer.from(it)),
);
const message = fc
  .record({ payload, subject: fc.stringMatching(/^[!-~]{1,20}$/), id: fc.option(text, { nil: undefined }) })
  .map(({ id, ...rest }) => stored({ ...rest, headers: id === undefined ? {} : { 'Nats-Msg-Id': id } }));

const frames = (messages: readonly StoredMessage[]): Buffer =>
  Buffer.concat(messages.flatMap((one, index) => [Buffer.from(idLine(`1~a.${index}.1`)), encodeEventData(one)]));

/** What any reader must make of it. */
const expected = (one: StoredMessage, index: number): Dispatched => {
  const data = encodeEventData(one).toString('utf8').slice('data: '.length, -2);
  return { type: 'message', data, lastEventId: `1~a.${index}.1` };
};

async function readByEventSource(bytes: Buffer): Promise<Dispatched[]> {
  const answers = [new Response(new Uint8Array(bytes), { headers: { 'content-type': 'text/event-stream' } })];
  const source = new EventSource('http://127.0.0.1/', {
    // The second time there is nothing more, and a 204 tells an EventSource to stop.
    fetch: () => Promise.resolve(answers.shift() ?? new Response(null, { status: 204 })),
  });
  const events: Dispatched[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  source.addEventListener('message', ({ type, data, lastEventId }) => {
    events.push({ type, data: String(data), lastEventId });
  });
  source.addEventListener('error', () => {
    source.close();
    resolve();
  });
  await promise;
  return events;
}

function readByParser(bytes: Buffer): Dispatched[] {
  const events: Dispatched[] = [];
  const parser = createParser({
    onEvent: ({ event = 'message', data, id = '' }) => events.push({ type: event, data, lastEventId: id }),
  });
  parser.feed(bytes.toString('utf8'));
  return events;
}

describe('an event on the wire', () => {
  test('is one event with the same data to every reader, whatever a publisher put into it (D3, F1)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 20 }), async (messages) => {
        const bytes = frames(messages);
        const wanted = messages.map(expected);
        expect(parseByTheStandard(bytes).events).toEqual(wanted);
        expect(readByParser(bytes)).toEqual(wanted);
        expect(await readByEventSource(bytes)).toEqual(wanted);
      }),
      { numRuns: 300 },
    );
  });

  test('says subject, id and time, and the payload as it was: no payload forges the wrapper (D1)', () => {
    fc.assert(
      fc.property(message, (one) => {
        const data: Record<string, unknown> = JSON.parse(expected(one, 0).data);
        const { message: embedded, messageBase64, ...wrapper } = data;
        // A lone surrogate in an id has no UTF-8; JSON carries it as an escape, and gives it back.
        expect(wrapper).toEqual({ subject: one.subject, id: idOf(one), time: one.storedAt.toISOString() });
        const sent = Buffer.from(one.payload);
        const isWhole =
          messageBase64 === undefined
            ? isDeepStrictEqual(embedded, JSON.parse(sent.toString()))
            : messageBase64 === sent.toString('base64');
        expect(isWhole).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([
    ['{"n":12345678901234567890}', '"message":{"n":12345678901234567890}}'],
    [' [1,\r\n2]\n', '"message": [1,  2] }'],
    ['', '"messageBase64":""}'],
    ['\uFEFF{}', '"messageBase64":"77u/e30="}'],
    ['{}{}', '"messageBase64":"e317fQ=="}'],
    ['{"a":1},"b":{}', '"messageBase64":"eyJhIjoxfSwiYiI6e30="}'],
  ])('with the payload %j ends in %s (D2)', (written, end) => {
    expect(expected(stored({ payload: Buffer.from(written) }), 0).data).toContain(end);
  });

  test('with bytes that are no UTF-8 inside a JSON string is base64: nothing is replaced (D1)', () => {
    const bytes = Buffer.from([0x22, 0xff, 0xfe, 0x22]);
    expect(expected(stored({ payload: bytes }), 0).data).toContain(`"messageBase64":"${bytes.toString('base64')}"`);
  });
});

describe('a block of ours', () => {
  test('moves the id and fires nothing, when it is a heartbeat or the first one', () => {
    const bytes = Buffer.from(
      `${retryLine(1234.5)}${idBlock('1~a.1.1')}${heartbeatBlock('1~a.2.1')}${heartbeatBlock(null)}`,
    );
    expect(parseByTheStandard(bytes)).toEqual({ events: [], id: '1~a.2.1' });
    expect(bytes.toString()).toMatch(/^retry: 1234\n/);
  });

  test('that says something has a type of its own and leaves the id alone (F2, F3)', () => {
    const gap = { stream: 's', from: 1, to: 2, reason: 'expired' } as const;
    const bytes = Buffer.from(idBlock('1~a.1.1') + gapBlock(gap) + upstreamBlock(false) + upstreamBlock(true));
    const { events, id } = parseByTheStandard(bytes);
    expect(events.map(({ type, data }) => [type, JSON.parse(data)])).toEqual([
      ['gap', gap],
      ['upstream', { state: 'down' }],
      ['upstream', { state: 'up' }],
    ]);
    expect(id).toBe('1~a.1.1');
  });
});
