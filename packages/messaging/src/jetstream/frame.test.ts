// What is written by hand is what nats.js would have written: read back with its own parser, whatever is in it.
import { expect, test } from '@jest/globals';
import { MsgImpl, Parser, type ParserEvent } from '@nats-io/nats-core/internal';
import fc from 'fast-check';
import { checkProperty } from '../../test/support/check-property.ts';
import { acceptForeignHeaders } from './foreign-headers.ts';
import { messageFrame, textFrame } from './frame.ts';
import { HeaderReader } from './header-reader.ts';

/** A server passes on what it was sent with a subscription's number in it. */
function readBack(frame: Uint8Array, isWithHeaders: boolean): MsgImpl {
  const seen: ParserEvent[] = [];
  const text = Buffer.from(frame).toString('latin1');
  const passedOn = text.replace(/^H?PUB (\S+)/, `${isWithHeaders ? 'HMSG' : 'MSG'} $1 7`);
  const push: Parser['dispatcher']['push'] = (event) => {
    if (typeof event !== 'function') seen.push(event);
  };
  new Parser({ push }).parse(Buffer.from(passedOn, 'latin1'));
  const [{ msg, data } = {}] = seen;
  if (seen.length !== 1 || msg === undefined || data === undefined) throw new Error('this is not one message');
  return new MsgImpl(msg, data, { publish: () => undefined });
}

test('a message arrives with its subject, its headers, its payload and where it is to be answered', () => {
  acceptForeignHeaders();
  const value = fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.replaceAll(/[\r\n]/g, '').trim());
  const headers = fc.dictionary(fc.stringMatching(/^[a-z-]{1,8}$/), value, { maxKeys: 5, noNullPrototype: true });
  const payload = fc.uint8Array({ maxLength: 40 });
  checkProperty([headers, payload, fc.constantFrom('_INBOX.a.b', '')], (said, bytes, replyTo) => {
    const message = { subject: 'test.subject', headers: said, payload: bytes, replyTo };
    const read = readBack(messageFrame(message, 1_000_000), true);
    expect([read.subject, read._msg.reply === undefined ? '' : read.reply]).toEqual(['test.subject', replyTo]);
    expect(new Uint8Array(read.data)).toEqual(bytes);
    expect(new HeaderReader().read(read)).toEqual(
      Object.fromEntries(Object.entries(said).map(([name, text]) => [name, text.toWellFormed()])),
    );
  });
});

test('a text arrives as it was, in any language', () => {
  checkProperty([fc.string({ unit: 'binary', maxLength: 40 })], (text) => {
    expect(readBack(textFrame('$JS.ACK.events', text), false).string()).toBe(
      new TextDecoder().decode(Buffer.from(text)),
    );
  });
});

test('what cannot be sent is refused before anything is written', () => {
  const message = { subject: 'a', headers: {}, payload: new Uint8Array(100) };
  expect(() => messageFrame(message, 100)).toThrow(TypeError);
  expect(() => messageFrame({ ...message, headers: { a: 'b\r\nc: d' } }, 1_000)).toThrow(TypeError);
});
