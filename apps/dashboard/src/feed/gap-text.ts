// A gap as a sentence: what may be missing, and why.
import type { Gap } from '@longwave/client';

/** The reasons of the proxy and of the feed itself; one that is new to this page is shown as it is. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['expired', 'the stream no longer keeps them'],
  ['recreated', 'the stream was made anew'],
  ['ahead', 'the stream was set back to an earlier state'],
  ['unreadable-cursor', 'it is not known where this page was'],
  ['no-cursor', 'the connection came back without a place to go on from'],
  ['unreadable', 'an event could not be read'],
  ['too-many-subjects', 'there is more of it than is told at once'],
]);

export function gapText({ stream, from, to, reason }: Gap): string {
  const where = stream === null ? '' : ` of the stream “${stream}”`;
  return `${which(from, to)}${where} may be missing: ${REASONS.get(reason) ?? reason}.`;
}

function which(from: string | null, to: string | null): string {
  if (to === null) return 'Messages';
  // Nothing before `to` can be vouched for.
  if (from === null || from === '0') return `Messages up to ${to}`;
  return from === to ? `Message ${to}` : `Messages ${from} to ${to}`;
}
