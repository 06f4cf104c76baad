// V1, V2: those who come back to the same place get the same bytes, made once, and the right ones whatever happened to
// the stream meanwhile. That nobody gets anything wrong by it is what hub.test.ts plays.
import { describe, expect, test } from '@jest/globals';
import type { StoredMessage } from '@longwave/messaging/contract';
import { parseFilter } from '@longwave/messaging/contract';
import { select } from '../domain/selection.ts';
import { streamTopology } from '../domain/stream-topology.ts';
import type { Standing } from './advance.ts';
import { SharedAdvances } from './shared-advances.ts';
import { StreamWindow } from './stream-window.ts';

const streams = streamTopology({ s: 's.>' });
const rules = { streams, permitted: [parseFilter('>')], filtersMax: 9 };
const message = (sequence: number, payload: string): StoredMessage => ({
  stream: 's',
  epoch: 1,
  sequence,
  storedAt: new Date(sequence),
  subject: `s.${sequence % 2}`,
  headers: {},
  payload: Buffer.from(payload),
});

function scene() {
  const [stream] = streams;
  if (stream === undefined) throw new Error('there is one');
  const window = new StreamWindow(stream, 100_000, 1, { sequence: 0, mark: 1 });
  const start: Standing = { positions: [window.position], isUp: true };
  for (let sequence = 1; sequence <= 10; sequence += 1) window.append(message(sequence, String(sequence)));
  const head = (): Standing => ({ positions: [window.position], isUp: true });
  return { window, start, head, course: { selection: select(['s.>'], rules), windows: [window] } };
}

describe('who comes back to the same place', () => {
  test('is given the same bytes as the others, as long as the end is the same (V1)', () => {
    const { window, start, head, course } = scene();
    const shared = new SharedAdvances();
    const first = shared.from(course, start, head());
    expect(first.events).toBe(10);
    expect(shared.from(course, { ...start }, head()).blocks).toBe(first.blocks);
    const odd = { ...course, selection: select(['s.1'], rules) };
    expect(shared.from(odd, start, head()).events).toBe(5);
    expect(shared.from(course, { ...start, isUp: false }, head()).blocks.toString()).toContain('upstream');
    window.append(message(11, '11'));
    expect(shared.from(course, start, head()).events).toBe(11);
  });

  test('of another generation of the stream is not given what was in the old one (V1)', () => {
    const { window, start, head, course } = scene();
    const shared = new SharedAdvances();
    shared.from(course, start, head());
    window.resume({ stream: 's', epoch: 2, first: 1, last: 0 });
    for (let sequence = 1; sequence <= 10; sequence += 1) window.append(message(sequence, 'new'));
    const step = shared.from(course, start, head());
    expect(step.gaps).toMatchObject([{ reason: 'recreated' }]);
    expect(step.blocks.toString()).not.toContain('"message":1}');
  });

  test('costs no more memory, whatever the places are (V2)', () => {
    const { window, head, course } = scene();
    const shared = new SharedAdvances();
    const first = shared.from(course, { positions: [window.start], isUp: true }, head());
    for (let sequence = 11; sequence < 200; sequence += 1) {
      window.append(message(sequence, String(sequence)));
      shared.from(course, { positions: [window.start], isUp: true }, head());
    }
    const again = shared.from(
      course,
      { positions: [window.start], isUp: true },
      { positions: first.positions, isUp: true },
    );
    expect(again.blocks).not.toBe(first.blocks);
    expect(again.blocks.equals(first.blocks)).toBe(true);
  });
});
