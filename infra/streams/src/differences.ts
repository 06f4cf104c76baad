// Compares a configuration as we want it with the one a server reports. A server adds defaults and facts of its own,
// leaves out what is false or zero, and does not keep the order of lists: none of that is a difference (S4).
// A setting that we do not know and somebody has switched on is one.
import { isDeepStrictEqual } from 'node:util';
import type { ReportedConfig } from './server-state.ts';

/** One setting: `undefined` stands for "not set". */
export type Difference = { readonly setting: string; readonly expected: unknown; readonly actual: unknown };

/** What is a fact or an act of an operator and no setting: reported, and not ours to change. */
const NO_SETTING: ReadonlySet<string> = new Set([
  'name',
  'durable_name',
  // Where counting began, if a stream was restored.
  'first_seq',
  // Someone paused the consumer for a while.
  'pause_until',
]);

/** How a server writes "not set" where it does not leave the setting out. */
const UNSET: ReadonlySet<unknown> = new Set([undefined, null, false, 0, '', 'none', 'default']);

export function differences(expected: ReportedConfig, reported: ReportedConfig): readonly Difference[] {
  const [wanted, actual] = [normalize(expected), normalize(reported)];
  const settings = [...new Set([...Object.keys(wanted), ...Object.keys(actual)])].toSorted();
  return settings
    .filter((setting) => !NO_SETTING.has(setting))
    .map((setting) => ({ setting, expected: wanted[setting], actual: actual[setting] }))
    .filter((difference) => !isDeepStrictEqual(difference.expected, difference.actual));
}

function normalize(config: ReportedConfig): Record<string, unknown> {
  const { filter_subject: single, filter_subjects: several, metadata, ...rest } = config;
  const settings = { ...rest, filter_subjects: several ?? [single], metadata: ownMetadata(metadata) };
  const entries = Object.entries(settings).map(([key, value]): [string, unknown] => [key, canonical(value)]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Lists without order; everything that means "not set" as undefined. */
function canonical(value: unknown): unknown {
  if (UNSET.has(value)) return undefined;
  if (Array.isArray(value)) {
    const items = value.filter((item) => !UNSET.has(item)).toSorted(byJson);
    return items.length === 0 ? undefined : items;
  }
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0 ? undefined : value;
}

const byJson = (left: unknown, right: unknown): number => JSON.stringify(left).localeCompare(JSON.stringify(right));

/** The server keeps its own version and level in there. */
function ownMetadata(metadata: unknown): unknown {
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => !key.startsWith('_nats.')));
}
