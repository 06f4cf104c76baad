// One-time tickets for those who cannot send a header: an EventSource has only its URL, and a token in a URL ends in
// logs. A ticket is worth one connection within seconds, to the filters it was made for.
//
// T1  A ticket is worth what its maker could hear, and nothing but the filters it was asked for.
// T2  It is worth it once, and for TICKET_LIFE_MS.
// T3  There are at most TICKETS_MAX at a time. They live in this process: a ticket is redeemed where it was made.
import { createHash } from 'node:crypto';
import type { Grant } from '../domain/grant.ts';

export type Ticket = { readonly grant: Grant; readonly subjects: readonly string[]; readonly expiresAtMs: number };

export type TicketsDeps = {
  readonly now: () => Date;
  /** 256 bits of chance, as text that a URL holds as it is. */
  readonly secret: () => string;
};

export const TICKET_LIFE_MS = 15_000;
const TICKETS_MAX = 10_000;

export class Tickets {
  readonly #deps: TicketsDeps;
  /** By the hash of the secret, oldest first: whoever reads this process's memory finds nothing to use. */
  readonly #tickets = new Map<string, Ticket>();

  constructor(deps: TicketsDeps) {
    this.#deps = deps;
  }

  /** Null when there are too many that nobody has used yet. (T3) */
  issue(grant: Grant, subjects: readonly string[]): { readonly secret: string; readonly expiresAt: Date } | null {
    this.#forgetExpired();
    if (this.#tickets.size >= TICKETS_MAX) return null;
    const secret = this.#deps.secret();
    const expiresAtMs = this.#deps.now().getTime() + TICKET_LIFE_MS;
    this.#tickets.set(hashOf(secret), { grant, subjects, expiresAtMs });
    return { secret, expiresAt: new Date(expiresAtMs) };
  }

  /** What it is worth; undefined for one that is unknown, used or too old. Does not use it up. */
  find(secret: string): Ticket | undefined {
    const ticket = this.#tickets.get(hashOf(secret));
    return ticket === undefined || ticket.expiresAtMs <= this.#deps.now().getTime() ? undefined : ticket;
  }

  /** (T2) */
  use(secret: string): void {
    this.#tickets.delete(hashOf(secret));
  }

  #forgetExpired(): void {
    const now = this.#deps.now().getTime();
    for (const [hash, { expiresAtMs }] of this.#tickets) {
      if (expiresAtMs > now) return;
      this.#tickets.delete(hash);
    }
  }
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
