// Changes and differences in words, for people at a terminal and in logs.
import type { Difference } from './differences.ts';
import type { Change } from './plan.ts';

/** E.g. `update stream events: max_age 7d → 30d`. */
export function describeChange(change: Change): string {
  const details = change.differences.map(
    ({ setting, expected, actual }) => `${setting} ${show(setting, actual)} → ${show(setting, expected)}`,
  );
  const what = `${change.action} ${subjectOf(change)}`;
  return details.length === 0 ? what : `${what}: ${details.join(', ')}`;
}

export function describeLosses(change: Change): string {
  return `${change.action} ${subjectOf(change)}: ${change.losses.join('; ')}`;
}

/** E.g. `events/resolver/ack_wait: expected 10s, actual 30s`. */
export function describeDifference(path: string, { setting, expected, actual }: Difference): string {
  return `${path}/${setting}: expected ${show(setting, expected)}, actual ${show(setting, actual)}`;
}

function subjectOf({ stream, consumer }: Change): string {
  return consumer === undefined ? `stream ${stream}` : `consumer ${consumer} of ${stream}`;
}

const TIMES: ReadonlySet<string> = new Set(['max_age', 'duplicate_window', 'ack_wait', 'inactive_threshold']);

function show(setting: string, value: unknown): string {
  if (value === undefined) return 'not set';
  if (typeof value === 'number' && TIMES.has(setting)) return duration(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const UNITS: readonly (readonly [suffix: string, nanoseconds: number])[] = [
  ['d', 86_400_000_000_000],
  ['h', 3_600_000_000_000],
  ['m', 60_000_000_000],
  ['s', 1_000_000_000],
];

/** The largest unit that gives a whole number. */
function duration(nanoseconds: number): string {
  const unit = UNITS.find(([, size]) => nanoseconds % size === 0);
  return unit === undefined ? `${nanoseconds}ns` : `${nanoseconds / unit[1]}${unit[0]}`;
}
