// What somebody may hear, and until when: the port behind which authentication will be.
import type { SubjectFilter } from '@longwave/messaging/contract';

export type Grant = {
  /** Who it is, for the view of connections and for limits: `anonymous`, later `user:<id>`. */
  readonly principal: string;
  /** May hear what lies within one of these. */
  readonly permitted: readonly SubjectFilter[];
  /** The stream ends then, after an event `expiring`; null: it does not expire. */
  readonly expiresAt: Date | null;
};

/** What a request brings to say who it comes from, as it was sent. */
export type Credentials = {
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
};

/**
 * Tells what a request may hear. Asked for every request, replays included: a cursor grants nothing. Answers at once
 * (keys are kept, signatures are checked by node:crypto), because a decision that waits would keep a connection that
 * nobody has vouched for. Throws a Problem (401) for credentials that are wrong; none at all are those of everybody.
 */
export interface Grants {
  grantOf(credentials: Credentials): Grant;
}

/** Everybody is the same, and may hear what is public. */
export function publicGrants(permitted: readonly SubjectFilter[]): Grants {
  const grant: Grant = { principal: 'anonymous', permitted, expiresAt: null };
  return { grantOf: () => grant };
}
