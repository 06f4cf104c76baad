import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { WireEvent } from './target.ts';
import { WireError, WireReader } from './wire-reader.ts';

function read(pieces: readonly Buffer[]): {
  status: number;
  events: WireEvent[];
  ids: string[];
  retries: number[];
  ends: number;
} {
  const seen = { status: 0, events: [] as WireEvent[], ids: [] as string[], retries: [] as number[], ends: 0 };
  const reader = new WireReader({
    onHead: ({ status }) => (seen.status = status),
    onEvent: (event) => seen.events.push(event),
    onId: (id) => seen.ids.push(id),
    onRetry: (retryMs) => seen.retries.push(retryMs),
    onEnd: () => (seen.ends += 1),
  });
  for (const piece of pieces) reader.push(piece);
  return seen;
}

const BODY = ': hi\r\n\r\nretry: 70\rid: 1\ndata: ä€\n\nevent: gap\r\ndata:a\r\ndata: b\r\n\r\nid: 2\n\ndata\n\n';
const EVENTS = [
  { type: 'message', data: 'ä€', id: '1' },
  { type: 'gap', data: 'a\nb', id: '1' },
  { type: 'message', data: '', id: '2' },
];

const identity = (body: string): Buffer =>
  Buffer.from(`HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n${body}`);
function chunked(body: string, size: number): Buffer {
  const bytes = Buffer.from(body);
  const chunks: Buffer[] = [Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')];
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.subarray(at, at + size);
    chunks.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'));
  }
  return Buffer.concat([...chunks, Buffer.from('0\r\n\r\n')]);
}

test('a stream is read to its end or in chunks', () => {
  for (const bytes of [identity(BODY), chunked(BODY, 7)]) {
    const seen = read([bytes]);
    expect(seen.status).toBe(200);
    expect(seen.events).toEqual(EVENTS);
    expect(seen.ids).toEqual(['', '1', '1', '2', '2']);
    expect(seen.retries).toEqual([70]);
  }
});

test('where the bytes are cut makes no difference', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.array(fc.integer({ min: 1, max: 50 })), (size, cuts) => {
      let rest = chunked(BODY, size);
      const pieces: Buffer[] = [];
      for (const cut of cuts) {
        pieces.push(rest.subarray(0, cut));
        rest = rest.subarray(cut);
      }
      expect(read([...pieces, rest]).events).toEqual(EVENTS);
    }),
  );
});

test('the end is told as soon as the body is over, while the connection stays open', () => {
  const measured = (length: number): Buffer => Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`);
  expect(read([chunked(BODY, 7)]).ends).toBe(1);
  expect(read([chunked(BODY, 7), Buffer.from('Trailer: x\r\n\r\n')]).ends).toBe(1);
  expect(read([measured(0)]).ends).toBe(1);
  expect(read([measured(7), Buffer.from('data\n'), Buffer.from('\n\n: more')])).toMatchObject({
    ends: 1,
    events: [{ type: 'message', data: '', id: '' }],
  });
  expect(read([measured(8), Buffer.from('data\n\n')]).ends).toBe(0);
  expect(read([identity(BODY)]).ends).toBe(0);
});

test('what is no HTTP is refused', () => {
  expect(() => read([Buffer.from('SSH-2.0-x\r\n\r\n')])).toThrow(WireError);
  expect(() => read([Buffer.alloc(100_000, 'x')])).toThrow(WireError);
});
