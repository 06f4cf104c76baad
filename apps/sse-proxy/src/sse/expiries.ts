// Grants that end: their clients are told before, so that they can come back with fresh ones, and are ended within a
// second of it. Few connections have one that ends, so looking at all of those every second is cheap.
import type { Grant } from '../domain/grant.ts';

export interface Expiring {
  announceExpiry(at: Date): void;
  end(): void;
}

type Expiry = { readonly at: Date; isAnnounced: boolean };

/** Long enough to fetch a token and to connect again. */
const ANNOUNCED_BEFORE_MS = 30_000;

export class Expiries {
  readonly #members = new Map<Expiring, Expiry>();

  add(member: Expiring, { expiresAt }: Grant): void {
    if (expiresAt !== null) this.#members.set(member, { at: expiresAt, isAnnounced: false });
  }

  remove(member: Expiring): void {
    this.#members.delete(member);
  }

  /** Once a second. */
  look(now: Date): void {
    for (const [member, expiry] of this.#members) {
      const leftMs = expiry.at.getTime() - now.getTime();
      if (leftMs <= 0) member.end();
      else if (leftMs <= ANNOUNCED_BEFORE_MS && !expiry.isAnnounced) {
        expiry.isAnnounced = true;
        member.announceExpiry(expiry.at);
      }
    }
  }
}
