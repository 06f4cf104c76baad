import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EventParser, EventTooLongError, type Block } from './event-parser.ts';

function parse(...pieces: readonly string[]): {
  readonly blocks: readonly Block[];
  readonly retries: readonly number[];
} {
  const blocks: Block[] = [];
  const retries: number[] = [];
  const parser = new EventParser(
    (block) => blocks.push(block),
    (retryMs) => retries.push(retryMs),
  );
  for (const piece of pieces) parser.push(piece);
  return { blocks, retries };
}

const message = (data: string | null, id = ''): Block => ({ type: 'message', data, id });

describe('an event stream is read as the HTML standard says', () => {
  test.each<[string, string, readonly Block[]]>([
    ['a line of data', 'data: a\n\n', [message('a')]],
    ['several lines', 'data: a\ndata:b\ndata\n\n', [message('a\nb\n')]],
    ['one space after the colon is taken', 'data:  a\n\n', [message(' a')]],
    ['every kind of line end', 'data: a\r\rdata: b\r\n\r\ndata: c\n\n', [message('a'), message('b'), message('c')]],
    ['a type', 'event: gap\ndata: a\n\ndata: b\n\n', [{ type: 'gap', data: 'a', id: '' }, message('b')]],
    ['an id stays', 'id: 7\ndata: a\n\ndata: b\n\n', [message('a', '7'), message('b', '7')]],
    ['an id without data', ': beat\nid: 8\n\n', [message(null, '8')]],
    ['an id with a NUL is none', 'id: 7\n\nid: 8\0\n\n', [message(null, '7'), message(null, '7')]],
    ['an empty id is an id', 'id: 7\n\nid\n\n', [message(null, '7'), message(null, '')]],
    ['empty data', 'data\n\n', [message('')]],
    ['unknown fields', 'foo: bar\ndata: a\n:data: b\n\n', [message('a')]],
    ['what is not ended is not told', 'data: a\n\ndata: b\n', [message('a')]],
  ])('%s', (_what, text, blocks) => {
    expect(parse(text).blocks).toEqual(blocks);
  });

  test('a retry is digits', () => {
    expect(parse('retry: 12\n\nretry: 1.5\nretry: -1\nretry:\n\n').retries).toEqual([12]);
  });
});

test('where the stream is cut makes no difference', () => {
  const line = fc.constantFrom('data: a', 'data', 'id: 7', 'event: gap', ': c', 'retry: 5', '', '');
  const end = fc.constantFrom('\n', '\r', '\r\n');
  const text = fc
    .array(
      fc.tuple(line, end).map((parts) => parts.join('')),
      { maxLength: 30 },
    )
    .map((all) => all.join(''));
  fc.assert(
    fc.property(text, fc.array(fc.nat(100), { maxLength: 20 }), (whole, sizes) => {
      const pieces: string[] = [];
      let rest = whole;
      for (const size of sizes) {
        pieces.push(rest.slice(0, size));
        rest = rest.slice(size);
      }
      // A stream may end in the first half of a line end; what follows it is the same with another line after it.
      expect(parse(...pieces, rest, ':\n')).toEqual(parse(`${whole}:\n`));
    }),
  );
});

test('an event without an end does not fill the memory', () => {
  const piece = 'x'.repeat(1024 * 1024);
  expect(() => parse('data: ', ...Array<string>(20).fill(piece))).toThrow(EventTooLongError);
  expect(() => parse(...Array<string>(20).fill(`data: ${piece}\n`))).toThrow(EventTooLongError);
});
