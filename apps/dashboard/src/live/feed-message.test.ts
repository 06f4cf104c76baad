import { expect, test } from '@jest/globals';
import { dataOf, readGap, readMessage, readUpstream } from './feed-message.ts';

const wrapper = { subject: 'a.b', id: '1', time: '2026-11-21T12:00:00Z' };

test('a payload that is JSON is a value, whatever JSON it is', () => {
  for (const value of [{ a: 1 }, [1], 'text', 0, false, null]) {
    const message = readMessage(JSON.stringify({ ...wrapper, message: value }), 'c');
    expect(message?.payload).toEqual({ kind: 'json', value });
  }
});

test('a payload that is not JSON stays bytes', () => {
  const message = readMessage(JSON.stringify({ ...wrapper, messageBase64: 'AAE=' }), 'c');
  expect(message?.payload).toEqual({ kind: 'bytes', base64: 'AAE=' });
});

test('what is not a message is not taken for one', () => {
  for (const data of ['', 'nonsense', '7', '[]', JSON.stringify(wrapper), JSON.stringify({ message: 1 })]) {
    expect(readMessage(data, 'c')).toBeNull();
  }
});

test('a gap that cannot be read is still a gap', () => {
  expect(readGap('nonsense')).toEqual({ stream: null, from: null, to: null, reason: 'unknown' });
});

test('anything but up means that the broker is away', () => {
  expect(readUpstream('{"state":"up"}')).toBe('up');
  expect(readUpstream('{"state":"interrupted"}')).toBe('down');
  expect(readUpstream('')).toBe('down');
});

test('data is read from payloads of the house format only', () => {
  const withPayload = (message: unknown) => readMessage(JSON.stringify({ ...wrapper, message }), 'c');
  const good = withPayload({ version: 1, createdAt: '2026-11-21T12:00:00Z', data: { id: 1 } });
  expect(good && dataOf(good)).toEqual({ id: 1 });
  for (const payload of [null, [], 'text', { data: 7 }, {}]) {
    const message = withPayload(payload);
    expect(message && dataOf(message)).toBeNull();
  }
});
