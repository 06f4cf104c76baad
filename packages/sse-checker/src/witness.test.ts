import { describe, expect, test } from '@jest/globals';
import { Witness, type Violation } from './witness.ts';

/** What is said of a client that saw these numbers of one channel, of which `attempted` had begun before it came. */
function judge(attempted: number, steps: readonly (number | 'gap')[], published: number): readonly string[] {
  const witness = new Witness([attempted]);
  const found: (Violation | undefined)[] = steps.map((step) =>
    step === 'gap' ? witness.gap() : witness.see({ channel: 0, number: step }),
  ) as (Violation | undefined)[];
  const all = [...found.filter((violation) => violation !== undefined), ...witness.missingAtEnd([published])];
  return all.map(({ kind, expected, received }) => `${kind} ${expected} ${received ?? 'end'}`);
}

describe('W1 what is published once a client is there reaches it', () => {
  test.each<[string, number, readonly (number | 'gap')[], number, readonly string[]]>([
    ['everything', 0, [1, 2, 3], 3, []],
    ['who comes later need not see what was before', 5, [6, 7], 7, []],
    ['what was on its way may come', 5, [5, 6], 6, []],
    ['and then all after it must', 5, [4, 6], 6, ['loss 5 6']],
    ['a first message too late', 5, [7], 7, ['loss 6 7']],
    ['a hole', 0, [1, 3], 3, ['loss 2 3']],
    ['one hole is one loss', 0, [1, 3, 4], 4, ['loss 2 3']],
    ['a hole after an announced gap', 0, [1, 'gap', 5], 5, []],
    ['a gap excuses once', 0, [1, 'gap', 5, 7], 7, ['loss 6 7']],
    ['a gap excuses nothing before it', 0, [1, 3, 'gap'], 3, ['loss 2 3']],
  ])('%s', (_what, attempted, steps, published, violations) => {
    expect(judge(attempted, steps, published)).toEqual(violations);
  });
});

describe('W2 nothing comes twice, nothing too late', () => {
  test.each<[string, readonly (number | 'gap')[], readonly string[]]>([
    ['twice', [1, 2, 2, 3], ['duplicate 3 2']],
    ['twice, long after', [1, 2, 3, 1], ['duplicate 4 1']],
    ['too late', [1, 3, 2], ['loss 2 3', 'disorder 4 2']],
    ['too late, and then twice', [1, 3, 2, 2], ['loss 2 3', 'disorder 4 2', 'duplicate 4 2']],
    ['a gap is no leave to repeat', [1, 2, 'gap', 2, 3], ['duplicate 3 2']],
  ])('%s', (_what, steps, violations) => {
    expect(judge(0, steps, 3)).toEqual(violations);
  });
});

describe('W3 when all is quiet the last one has been seen', () => {
  test('an end that is missing is a loss', () => {
    expect(judge(0, [1, 2], 4)).toEqual(['loss 3 end']);
  });
  test('unless a gap was announced after the last one', () => {
    expect(judge(0, [1, 2, 'gap'], 4)).toEqual([]);
  });
  test('a client that saw nothing has lost what was published after it came', () => {
    expect(judge(3, [], 3)).toEqual([]);
    expect(judge(3, [], 4)).toEqual(['loss 4 end']);
  });
});

test('channels are judged apart, and a gap excuses all of them', () => {
  const witness = new Witness([0, 0]);
  expect(witness.see({ channel: 0, number: 1 })).toBeUndefined();
  expect(witness.see({ channel: 1, number: 1 })).toBeUndefined();
  witness.gap();
  expect(witness.see({ channel: 0, number: 4 })).toBeUndefined();
  expect(witness.see({ channel: 1, number: 9 })).toBeUndefined();
  expect(witness.see({ channel: 0, number: 6 })).toMatchObject({ kind: 'loss', channel: 0 });
});
