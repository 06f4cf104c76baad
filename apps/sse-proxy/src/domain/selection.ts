// What a client asked to hear, checked: which filters, and which streams they reach. Two selections with the same key
// hear the same events and have the same cursors.
import {
  filterMatches,
  filtersOverlap,
  parseFilter,
  SubjectError,
  type SubjectFilter,
} from '@longwave/messaging/contract';
import { filterWithin } from './filter-within.ts';
import type { Policy } from './policy.ts';
import type { KnownStream } from './stream-topology.ts';

/** A cursor has room for this many positions (C2). */
export const STREAMS_PER_SELECTION_MAX = 4;

export type Selection = {
  readonly key: string;
  /** None lies within another. */
  readonly filters: readonly SubjectFilter[];
  /** Sorted by name. */
  readonly streams: readonly KnownStream[];
  readonly policy: Policy;
};

export type SelectionErrorCode =
  | 'missing-filter'
  | 'too-many-filters'
  | 'illegal-filter'
  | 'forbidden-subject'
  | 'no-such-stream'
  | 'too-many-streams';

/** The client's mistake; the message says what to do about it. */
export class SelectionError extends Error {
  override readonly name = 'SelectionError';
  readonly code: SelectionErrorCode;
  /** Those without which the others would do; none when it is about all of them together. */
  readonly subjects: readonly string[];

  constructor(code: SelectionErrorCode, message: string, subjects: readonly string[] = [], cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.subjects = subjects;
  }
}

export type SelectionRules = {
  readonly streams: readonly KnownStream[];
  /** What may be heard lies within one of these. */
  readonly permitted: readonly SubjectFilter[];
  readonly filtersMax: number;
};

/** Throws SelectionError. A filter nobody may hear is refused before it is said whether there is such a stream. */
export function select(subjects: readonly string[], rules: SelectionRules, policy: Policy = 'catch-up'): Selection {
  if (subjects.length === 0) throw new SelectionError('missing-filter', 'Name at least one subject, as ?subject=…');
  if (subjects.length > rules.filtersMax) {
    throw new SelectionError('too-many-filters', `A connection may have at most ${rules.filtersMax} subjects.`);
  }
  const filters = subjects.map(parse);
  refuseForbidden(filters, rules.permitted);
  refuseUnreachable(filters, rules.streams);
  const widest = withoutRedundant(filters);
  return { key: `${policy} ${keyOf(widest)}`, filters: widest, streams: streamsOf(widest, rules.streams), policy };
}

/** The streams in which there is something that may be heard. */
export function permittedStreams(
  streams: readonly KnownStream[],
  permitted: readonly SubjectFilter[],
): readonly KnownStream[] {
  return streams.filter(({ subjects }) => permitted.some((filter) => filtersOverlap(filter, subjects)));
}

/** Whether an event on `subject` is for this selection. */
export function selects({ filters }: Selection, subject: string): boolean {
  return filters.some((filter) => filterMatches(filter, subject));
}

/** The filters that can find something in `stream`. */
export function filtersReaching({ filters }: Selection, stream: KnownStream): readonly SubjectFilter[] {
  return filters.filter((filter) => filtersOverlap(filter, stream.subjects));
}

function parse(text: string): SubjectFilter {
  try {
    return parseFilter(text);
  } catch (cause) {
    if (cause instanceof SubjectError) throw new SelectionError('illegal-filter', cause.message, [text], cause);
    throw cause;
  }
}

function refuseForbidden(filters: readonly SubjectFilter[], permitted: readonly SubjectFilter[]): void {
  const forbidden = textsOf(filters.filter((filter) => !permitted.some((outer) => filterWithin(filter, outer))));
  if (forbidden.length === 0) return;
  const allowed = textsOf(permitted).join(', ');
  const detail = `${forbidden.join(', ')} is not within what may be heard here: ${allowed}`;
  throw new SelectionError('forbidden-subject', detail, forbidden);
}

function refuseUnreachable(filters: readonly SubjectFilter[], streams: readonly KnownStream[]): void {
  const unknown = textsOf(
    filters.filter((filter) => !streams.some(({ subjects }) => filtersOverlap(filter, subjects))),
  );
  if (unknown.length === 0) return;
  const kept = textsOf(streams.map(({ subjects }) => subjects)).join(', ');
  throw new SelectionError(
    'no-such-stream',
    `No stream keeps ${unknown.join(', ')}; the streams keep: ${kept}`,
    unknown,
  );
}

const textsOf = (filters: readonly SubjectFilter[]): readonly string[] => filters.map(({ text }) => text);

/** Each filter once, and none that adds nothing to another. */
function withoutRedundant(filters: readonly SubjectFilter[]): readonly SubjectFilter[] {
  const distinct = [...new Map(filters.map((filter) => [filter.text, filter])).values()];
  return distinct.filter((inner) => !distinct.some((outer) => outer !== inner && filterWithin(inner, outer)));
}

/** Filters hold no spaces, so this is unambiguous. */
function keyOf(filters: readonly SubjectFilter[]): string {
  return filters
    .map(({ text }) => text)
    .toSorted()
    .join(' ');
}

function streamsOf(filters: readonly SubjectFilter[], streams: readonly KnownStream[]): readonly KnownStream[] {
  const reached = streams.filter(({ subjects }) => filters.some((filter) => filtersOverlap(filter, subjects)));
  if (reached.length <= STREAMS_PER_SELECTION_MAX) return reached;
  throw new SelectionError(
    'too-many-streams',
    `These subjects lie in ${reached.length} streams; one connection may follow ${STREAMS_PER_SELECTION_MAX}. Open two.`,
  );
}
