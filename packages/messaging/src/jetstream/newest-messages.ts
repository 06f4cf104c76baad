// The newest message of every subject, however many there are. JetStream answers that for 1,024 subjects at most, and
// sends an answer without regard to whether anybody keeps up; so subjects are listed when there are more, and asked for
// in pages that are limited in bytes, too.
//
// N1  every page is of the same moment, a position of the stream.
// N2  a page is whole or is asked for again, smaller: what did not fit into an answer is not taken for all there is.
import type { NatsConnection } from '@nats-io/nats-core';
import { z } from 'zod';
import type { StoredMessage } from '../contract/decode.ts';
import { TooManySubjectsError } from '../errors.ts';
import type { NewestRange } from '../ports.ts';
import type { Time } from '../time.ts';
import { directGet, DirectGetError } from './direct-get.ts';
import { fromStored } from './stored-message.ts';

export type NewestAsking = {
  readonly time: Time;
  readonly stream: string;
  readonly epoch: number;
  /** Runs it, with every failure as a StreamUnavailableError. */
  readonly ask: <T>(question: (connection: NatsConnection) => Promise<T>) => Promise<T>;
};

const SUBJECTS_PER_PAGE = 1_024;
/** Of the names of a page in one request: what a server takes is a megabyte, unless it is told otherwise. */
const NAMES_LENGTH_MAX = 256 * 1024;
/** As much as a batch of a replay. */
const PAGE_BYTES_MAX = 512 * 1024;
const ANSWER_WITHIN_MS = 5_000;
const STATUS_TOO_MANY_SUBJECTS = 413;

/** See `StreamReader.lastPerSubject`. */
export async function* newestMessages(
  asking: NewestAsking,
  { filters = ['>'], upTo, after = '', subjectsMax }: NewestRange,
): AsyncIterable<readonly StoredMessage[]> {
  if (upTo < 1) return;
  const all = await askPage(asking, filters, upTo);
  if (all !== null) return yield* wanted(all, asking.stream, after, subjectsMax);
  const listed = await listSubjects(asking, filters, subjectsMax);
  const subjects = listed.filter((subject) => subject > after).toSorted();
  for (let from = 0, count = SUBJECTS_PER_PAGE; from < subjects.length;) {
    const names = subjects.slice(from, from + fitting(subjects, from, count));
    const page = await askPage(asking, names, upTo);
    // (N2) A page of one subject is whole, however large its message.
    if (page === null) count = Math.ceil(names.length / 2);
    else {
      from += names.length;
      if (page.length > 0) yield page;
    }
  }
}

function* wanted(
  all: readonly StoredMessage[],
  stream: string,
  after: string,
  subjectsMax: number,
): Iterable<readonly StoredMessage[]> {
  if (all.length > subjectsMax) throw new TooManySubjectsError(stream, subjectsMax);
  const left = all.filter(({ subject }) => subject > after);
  if (left.length > 0) yield left;
}

/** In the order of the subjects; null when it is more than one answer may hold. */
function askPage(asking: NewestAsking, subjects: readonly string[], upTo: number): Promise<StoredMessage[] | null> {
  const { ask, time, stream, epoch } = asking;
  return ask(async (connection) => {
    try {
      const query = { multi_last: subjects, up_to_seq: upTo, max_bytes: PAGE_BYTES_MAX };
      const found = await directGet({ connection, time, stream, query });
      if ((found.at(-1)?.headers?.last('Nats-Num-Pending') ?? '0') !== '0') return null;
      return found
        .map((message) => fromStored(stream, epoch, message))
        .toSorted((left, right) => (left.subject < right.subject ? -1 : 1));
    } catch (error) {
      if (error instanceof DirectGetError && error.code === STATUS_TOO_MANY_SUBJECTS) return null;
      throw error;
    }
  });
}

/** At least one. */
function fitting(subjects: readonly string[], from: number, count: number): number {
  let length = 0;
  const end = Math.min(subjects.length, from + count);
  for (let at = from; at < end; at += 1) {
    length += subjects[at]?.length ?? 0;
    if (length > NAMES_LENGTH_MAX) return Math.max(1, at - from);
  }
  return end - from;
}

const listSchema = z.object({
  error: z.object({ description: z.string() }).optional(),
  /** Of all pages; the first one holds a hundred thousand. */
  total: z.int().default(0),
  state: z.object({ subjects: z.record(z.string(), z.int()).default({}) }).optional(),
});

/** Each once. Throws TooManySubjectsError. */
async function listSubjects(
  { ask, stream }: NewestAsking,
  filters: readonly string[],
  subjectsMax: number,
): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const filter of filters) {
    const { total, state } = await ask(async (connection) => {
      const request = JSON.stringify({ subjects_filter: filter });
      const options = { timeout: ANSWER_WITHIN_MS };
      const answer = await connection.request(`$JS.API.STREAM.INFO.${stream}`, request, options);
      const list = listSchema.parse(answer.json());
      if (list.error !== undefined) throw new Error(list.error.description);
      return list;
    });
    const names = Object.keys(state?.subjects ?? {});
    for (const name of names) found.add(name);
    if (total > names.length || found.size > subjectsMax) throw new TooManySubjectsError(stream, subjectsMax);
  }
  return [...found];
}
