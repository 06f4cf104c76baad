// What goes through, and what belongs to one connection only.
import { expect, test } from '@jest/globals';
import { endToEnd } from './end-to-end-headers.ts';

test('order, case and repetition survive', () => {
  const raw = ['Set-Cookie', 'a=1', 'ETag', '"x"', 'set-cookie', 'b=2'];
  expect(endToEnd(raw)).toEqual(raw);
});

test.each([
  'Connection',
  'Keep-Alive',
  'Proxy-Authenticate',
  'Proxy-Authorization',
  'Proxy-Connection',
  'TE',
  'Trailer',
  'Transfer-Encoding',
  'Upgrade',
])('%s stays on its connection', (name) => {
  expect(endToEnd([name, 'x', 'Kept', 'y', name.toLowerCase(), 'z'])).toEqual(['Kept', 'y']);
});

test('what Connection names goes no further', () => {
  expect(endToEnd(['Connection', 'close, X-Secret', 'x-secret', '1', 'Kept', 'y', 'connection', ' x-other '])).toEqual([
    'Kept',
    'y',
  ]);
  expect(endToEnd(['X-Other', '1', 'connection', ' x-other '])).toEqual([]);
});

test('Connection cannot take away what a message needs', () => {
  const raw = ['Host', 'a', 'Content-Length', '3', 'Content-Type', 'text/plain'];
  expect(endToEnd([...raw, 'Connection', 'host, content-length, content-type'])).toEqual(raw);
});

test('what is dropped is dropped in any case', () => {
  expect(endToEnd(['X-Forwarded-For', '1', 'x-forwarded-for', '2', 'Kept', 'y'], new Set(['x-forwarded-for']))).toEqual(
    ['Kept', 'y'],
  );
});
