// Header blocks as anybody writes them: walking one finds what nats.js's own map of it would have had.
import { expect, test } from '@jest/globals';
import { MsgImpl, type MsgArg, type Publisher } from '@nats-io/nats-core/internal';
import fc from 'fast-check';
import { checkProperty } from '../../test/support/check-property.ts';
import { acceptForeignHeaders } from './foreign-headers.ts';
import { HeaderReader } from './header-reader.ts';

const nobody: Publisher = { publish: () => undefined };

function messageWith(block: Buffer, bytes: Uint8Array): MsgImpl {
  const subject = Buffer.from('test.subject');
  const argument: MsgArg = { subject, sid: 1, hdr: block.length, size: bytes.length };
  return new MsgImpl(argument, bytes, nobody);
}

function mapped(message: MsgImpl): Record<string, string> {
  return Object.fromEntries([...(message.headers ?? [])].map(([name, values]) => [name, values[0] ?? '']));
}

test('F1: headers are what nats.js would have read, whatever the block is, came before it, and however it has come', () => {
  acceptForeignHeaders();
  const reader = new HeaderReader();
  const line = fc.oneof(
    fc.constantFrom(
      'ce-id: x',
      'ce-id:y',
      'ce-id:  z ',
      'a: b: c',
      ': none',
      'none',
      '',
      'n\u00E4me: \u00FC',
      'toString: t',
    ),
    fc.string({ unit: 'binary', maxLength: 20 }),
  );
  checkProperty([fc.array(line, { maxLength: 6 }), fc.constantFrom('\r\n\r\n', '\r\n', '')], (lines, end) => {
    const block = Buffer.from(['NATS/1.0', ...lines].join('\r\n') + end);
    const bytes = Buffer.concat([block, Buffer.from('payload: 1\r\n')]);
    const message = messageWith(block, bytes);
    expect(reader.read(message)).toEqual(mapped(message));
    expect(reader.read(messageWith(block, new Uint8Array(bytes)))).toEqual(mapped(message));
  });
});
