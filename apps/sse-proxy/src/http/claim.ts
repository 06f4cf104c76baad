// What a client says of where it begins. The header is what a reconnecting EventSource sends by itself, and newer than
// whatever its URL says.
import { parseCursor } from '../domain/cursor.ts';
import { Problem } from '@longwave/runtime';
import type { Claim, GivenOfSnapshot } from '../sse/resume.ts';
import type { EventsQuery } from './events-query.ts';

type Beginning = Pick<EventsQuery, 'lastEventId' | 'since' | 'last' | 'snapshot'>;

const NOTHING_GIVEN: ReadonlyMap<string, GivenOfSnapshot> = new Map();

/**
 * A parameter was written by a program, which can be told that it is wrong: Problem 400 `invalid-cursor`,
 * `two-beginnings`. A browser sends the header by itself and would never come back after a 400, so an unreadable one is
 * a gap.
 */
export function claimOf(header: string | undefined, beginning: Beginning): Claim {
  const fromParameter = readBeginning(beginning);
  const fromHeader = readCursor(header);
  return fromHeader.kind === 'none' ? fromParameter : fromHeader;
}

/** Throws Problem 400 `invalid-cursor`. */
export function cursorOrRefuse(parameter: string, text: string | undefined): Claim {
  const claim = readCursor(text);
  if (claim.kind !== 'unreadable') return claim;
  throw new Problem({
    status: 400,
    code: 'invalid-cursor',
    detail: `${parameter} must be the id of an event (or of a heartbeat) of this service, unchanged.`,
  });
}

function readBeginning({ lastEventId, since, last, snapshot }: Beginning): Claim {
  const named = [since, last, snapshot].filter((value) => value !== undefined);
  if (named.length > 1) {
    throw new Problem({ status: 400, code: 'two-beginnings', detail: 'Choose one of since, last and snapshot.' });
  }
  const cursor = cursorOrRefuse('lastEventId', lastEventId);
  if (cursor.kind !== 'none') return cursor;
  if (since !== undefined) return { kind: 'since', time: new Date(since) };
  if (last !== undefined) return { kind: 'last', count: last };
  return snapshot === undefined ? cursor : { kind: 'snapshot', given: NOTHING_GIVEN };
}

function readCursor(text: string | undefined): Claim {
  if (text === undefined || text === '') return { kind: 'none' };
  const positions = parseCursor(text);
  return positions === null ? { kind: 'unreadable' } : { kind: 'cursor', positions };
}
