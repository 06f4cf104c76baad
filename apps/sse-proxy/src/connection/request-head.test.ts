// H1, H2: what is read, and what is left to a real HTTP parser. A failure prints its seed.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readRequestHead } from './request-head.ts';

const PLAIN =
  'GET /events?subject=a.%3E HTTP/1.1\r\nHost: x\r\nAccept:text/event-stream \r\nLast-Event-ID: 1~a.1.1\r\n\r\n';
const read = (text: string) => readRequestHead(Buffer.from(text, 'latin1'));
const withLine = (line: string): string => PLAIN.replace('\r\n\r\n', `\r\n${line}\r\n\r\n`);

describe('a request head', () => {
  test('is its target and its headers, by lower-case name and without the space around', () => {
    const headers = new Map([
      ['host', 'x'],
      ['accept', 'text/event-stream'],
      ['last-event-id', '1~a.1.1'],
    ]);
    expect(read(PLAIN)).toEqual({ target: '/events?subject=a.%3E', headers });
    expect(read(`${PLAIN}GET /next HTTP/1.1\r\n\r\n`)).toEqual(read(PLAIN));
  });

  test('is incomplete until its last byte is there, wherever it was cut', () => {
    for (let end = 0; end < PLAIN.length; end += 1) expect(read(PLAIN.slice(0, end))).toBe('incomplete');
  });

  test.each([
    ['another method', PLAIN.replace('GET', 'POST')],
    ['another path', PLAIN.replace('/events?', '/event?')],
    ['no query', PLAIN.replace('?subject=a.%3E', '')],
    ['an absolute target', PLAIN.replace('/events', 'http://x/events')],
    ['another version', PLAIN.replace('HTTP/1.1', 'HTTP/1.0')],
    ['two spaces', PLAIN.replace(' HTTP', '  HTTP')],
    ['a byte above ASCII in its target', PLAIN.replace('a.%3E', 'a.\xe9')],
    ['no host', PLAIN.replace('Host: x\r\n', '')],
    ['two hosts', withLine('Host: y')],
    ['a header twice', withLine('last-event-id: 1~a.2.2')],
    ['a folded line', withLine('X-A: b\r\n c')],
    ['a bare LF', withLine('X-A: b\nX-B: c')],
    ['a bare CR', withLine('X-A: b\rX-B: c')],
    ['a NUL', withLine('X-A: b\0')],
    ['a space before the colon', withLine('X-A : b')],
    ['no name', withLine(': b')],
    ['no colon', withLine('X-A')],
    ['a body', withLine('Content-Length: 3')],
    ['an empty body', withLine('Content-Length: 0')],
    ['chunks', withLine('Transfer-Encoding: chunked')],
    ['an upgrade', withLine('Upgrade: h2c')],
    ['an expectation', withLine('Expect: 100-continue')],
    ['no end', PLAIN.slice(0, -2) + 'X-A: b\r\n'.repeat(3_000)],
    ['a late end', withLine(`X-A: ${'b'.repeat(20_000)}`)],
  ])('with %s is left to others (H1, H2)', (_, text) => {
    expect(read(text)).toBe('other');
  });

  test('of any bytes is read without an exception, and not kept beyond the limit', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((any) => Buffer.from(any)),
      fc.string({ unit: 'binary', maxLength: 200 }).map((any) => Buffer.from(`GET /events?${any}\r\n\r\n`)),
    );
    fc.assert(fc.property(bytes, (any) => void readRequestHead(any)));
  });
});
