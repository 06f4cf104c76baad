// What a client says of where it was. The header is what a reconnecting EventSource sends by itself, and newer than
// what its URL says.
import { parseCursor } from '../domain/cursor.ts';
import { Problem } from '@longwave/runtime';
import type { Claim } from '../sse/resume.ts';

/**
 * A parameter was written by a program, which can be told that it is wrong: Problem 400 `invalid-cursor`. A browser
 * sends the header by itself and would never come back after a 400, so an unreadable one is a gap.
 */
export function claimOf(header: string | undefined, parameter: string | undefined): Claim {
  const fromParameter = readCursor(parameter);
  if (fromParameter.kind === 'unreadable') {
    throw new Problem({
      status: 400,
      code: 'invalid-cursor',
      detail: 'lastEventId must be the id of an event (or of a heartbeat) of this service, unchanged.',
    });
  }
  const fromHeader = readCursor(header);
  return fromHeader.kind === 'none' ? fromParameter : fromHeader;
}

function readCursor(text: string | undefined): Claim {
  if (text === undefined || text === '') return { kind: 'none' };
  const positions = parseCursor(text);
  return positions === null ? { kind: 'unreadable' } : { kind: 'cursor', positions };
}
