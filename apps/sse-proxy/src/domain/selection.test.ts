import { describe, expect, test } from '@jest/globals';
import { parseFilter } from '@longwave/messaging/contract';
import { filtersReaching, select, SelectionError, selects, type SelectionRules } from './selection.ts';
import { streamTopology } from './stream-topology.ts';

const streams = streamTopology({ a: 'a.>', b: 'b.>', c: 'c.>', d: 'd.>', e: 'e.>' });
const rules: SelectionRules = { streams, permitted: [parseFilter('>')], filtersMax: 5 };

function codeOf(subjects: readonly string[], changed: Partial<SelectionRules> = {}): string {
  try {
    select(subjects, { ...rules, ...changed });
  } catch (error) {
    if (error instanceof SelectionError) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('a selection', () => {
  test.each([
    [[], 'missing-filter'],
    [[''], 'illegal-filter'],
    [['a..b'], 'illegal-filter'],
    [['a.>.b'], 'illegal-filter'],
    [['a.b*'], 'illegal-filter'],
    [['a b'], 'illegal-filter'],
    [['a.\r\nPUB x'], 'illegal-filter'],
    [['a.ü'], 'illegal-filter'],
    [[`a.${'x'.repeat(300)}`], 'illegal-filter'],
    [['a.1', 'a.2', 'a.3', 'a.4', 'a.5', 'a.6'], 'too-many-filters'],
    [['z.>'], 'no-such-stream'],
    [['a.>', 'z.>'], 'no-such-stream'],
    [['a'], 'no-such-stream'],
    [['>'], 'too-many-streams'],
    [['a.1', 'b.1', 'c.1', 'd.1', 'e.1'], 'too-many-streams'],
    [['a.1', 'b.1', 'c.1', 'd.1'], 'accepted'],
    [['*.1.>'], 'too-many-streams'],
  ])('of %j is %s', (subjects, code) => {
    expect(codeOf(subjects)).toBe(code);
  });

  test('wider than what may be heard is forbidden, and nothing is said of whether there is such a stream', () => {
    const permitted = [parseFilter('a.public.>'), parseFilter('b.*')];
    expect(codeOf(['a.>'], { permitted })).toBe('forbidden-subject');
    expect(codeOf(['b.>'], { permitted })).toBe('forbidden-subject');
    expect(codeOf(['secret.>'], { permitted })).toBe('forbidden-subject');
    expect(codeOf(['a.public.x', 'b.1'], { permitted })).toBe('accepted');
    expect(codeOf(['a.public.x', 'c.1'], { permitted })).toBe('forbidden-subject');
    expect(codeOf(['a.public.x'], { permitted: [] })).toBe('forbidden-subject');
  });

  test('is the same in whatever order, and however redundantly, its filters are given', () => {
    const keys = [
      ['a.>', 'b.1'],
      ['b.1', 'a.>'],
      ['b.1', 'a.>', 'a.>', 'a.x.*', 'a.*'],
    ].map((subjects) => {
      return select(subjects, rules).key;
    });
    expect(new Set(keys).size).toBe(1);
  });

  test('knows its streams, and which filters reach each of them', () => {
    const selection = select(['b.1', 'a.x', 'a.y.>'], rules);
    expect(selection.streams.map(({ name }) => name)).toEqual(['a', 'b']);
    const [first] = selection.streams;
    expect(first && filtersReaching(selection, first).map(({ text }) => text)).toEqual(['a.x', 'a.y.>']);
    expect(['a.x', 'a.y.z', 'b.1', 'a.z', 'b.2'].filter((subject) => selects(selection, subject))).toEqual([
      'a.x',
      'a.y.z',
      'b.1',
    ]);
  });

  test('refuses streams whose names cannot be told apart in a cursor', () => {
    expect(() => streamTopology({ a: 'a.>', b: 'b.>' })).not.toThrow();
    const tags = streamTopology({ resource: 'resource.>', 'dead-letter': 'dead-letter.>' }).map(({ tag }) => tag);
    // Part of every cursor ever given out: they must not change.
    expect(tags).toEqual([expect.stringMatching(/^[0-9a-z]{1,7}$/), 'bm9alx']);
  });
});
