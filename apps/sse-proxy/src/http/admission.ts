// Who is let in, and to what: the one decision behind `GET /events`, whether the request came through Express or not.
// What would be wrong the next time too is a Problem; what is only too much now is turned away, which an EventSource
// survives. (S8)
import { Problem } from '@longwave/runtime';
import type { SubjectFilter } from '@longwave/messaging/contract';
import { filterWithin } from '../domain/filter-within.ts';
import type { Grant, Grants } from '../domain/grant.ts';
import { select, SelectionError, type Selection } from '../domain/selection.ts';
import type { KnownStream } from '../domain/stream-topology.ts';
import type { Hub, Visit } from '../sse/hub.ts';
import type { Claim } from '../sse/resume.ts';
import { claimOf } from './claim.ts';
import type { ConnectRate } from './connect-rate.ts';
import type { EventsQuery } from './events-query.ts';
import type { Tickets } from './tickets.ts';

/** A request, however it was read. `header` is asked with lower-case names. */
export type EventsRequest = {
  readonly query: EventsQuery;
  readonly header: (name: string) => string | undefined;
};

export type Admitted = {
  readonly selection: Selection;
  readonly claim: Claim;
  readonly grant: Grant;
  /** Used up by entering. */
  readonly ticket: string | undefined;
};

export type AdmissionDeps = {
  readonly hub: Hub;
  readonly grants: Grants;
  readonly tickets: Tickets;
  readonly rate: ConnectRate;
  readonly streams: readonly KnownStream[];
  readonly filtersMax: number;
  /** Where the last message of a subject is all there is to know. */
  readonly snapshotSubjects: readonly SubjectFilter[];
  readonly clock: () => Date;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
};

/** Long enough for a crowd to thin out, spread so that it does not come back as one. */
const OVERLOAD_RETRY_MS = { min: 5_000, spread: 10_000 };

export class Admission {
  readonly #deps: AdmissionDeps;
  /** Requests that were told to come back later. */
  turnedAway = 0;

  constructor(deps: AdmissionDeps) {
    this.#deps = deps;
  }

  /** Throws Problem: the request is wrong, and will be. Changes nothing, so it may be asked twice. */
  check({ query, header }: EventsRequest): Admitted {
    const { ticket, policy, snapshot } = query;
    const { grant, subjects } = ticket === undefined ? this.#granted({ query, header }) : this.#ticketed(ticket, query);
    const selection = this.select(subjects, grant, policy);
    if (snapshot !== undefined) this.#refuseSnapshot(selection);
    return { selection, claim: claimOf(header('last-event-id'), query), grant, ticket };
  }

  /** Throws Problem 400 and 403. */
  select(subjects: readonly string[], grant: Grant, policy?: Selection['policy']): Selection {
    const { streams, filtersMax } = this.#deps;
    return selectOrRefuse(subjects, { streams, filtersMax, permitted: grant.permitted }, policy);
  }

  /** Throws Problem 401. */
  grantOf(header: EventsRequest['header']): Grant {
    return this.#deps.grants.grantOf({ authorization: header('authorization'), cookie: header('cookie') });
  }

  /** Null: not now. Whoever enters has used the ticket, and is to be subscribed. */
  enter({ selection, claim, grant, ticket }: Admitted, address: string): Visit | null {
    const { hub, rate, tickets, clock } = this.#deps;
    if (hub.isDraining || !hub.connections.hasRoomFor(address) || !rate.take()) {
      this.turnedAway += 1;
      return null;
    }
    if (ticket !== undefined) tickets.use(ticket);
    return { selection, claim, visitor: { address, grant, since: clock() } };
  }

  /** When to come back, for who is turned away. */
  retryMs(): number {
    return OVERLOAD_RETRY_MS.min + this.#deps.random() * OVERLOAD_RETRY_MS.spread;
  }

  #granted({ query, header }: EventsRequest): { readonly grant: Grant; readonly subjects: readonly string[] } {
    return { grant: this.grantOf(header), subjects: query.subject ?? [] };
  }

  #ticketed(secret: string, { subject }: EventsQuery): { readonly grant: Grant; readonly subjects: readonly string[] } {
    if (subject !== undefined && subject.length > 0) {
      const detail = 'A ticket knows its subjects: leave out ?subject=…';
      throw new Problem({ status: 400, code: 'ticket-has-subjects', detail });
    }
    const ticket = this.#deps.tickets.find(secret);
    if (ticket !== undefined) return ticket;
    const detail = 'This ticket was used, is too old, or was never given out here. Ask for another one.';
    throw new Problem({ status: 401, code: 'invalid-ticket', detail });
  }

  #refuseSnapshot({ filters }: Selection): void {
    const { snapshotSubjects } = this.#deps;
    if (filters.every((inner) => snapshotSubjects.some((outer) => filterWithin(inner, outer)))) return;
    const allowed = snapshotSubjects.map(({ text }) => text).join(', ');
    const detail = `Only what lies within these is announced as a whole: ${allowed}. Ask for others with since or last.`;
    throw new Problem({ status: 400, code: 'no-snapshot', detail });
  }
}

function selectOrRefuse(...[subjects, rules, policy]: Parameters<typeof select>): Selection {
  try {
    return select(subjects, rules, policy);
  } catch (cause) {
    if (!(cause instanceof SelectionError)) throw cause;
    const { code, message: detail, subjects: wrong } = cause;
    const extensions = wrong.length === 0 ? {} : { subjects: wrong };
    throw new Problem({ status: code === 'forbidden-subject' ? 403 : 400, code, detail, extensions, cause });
  }
}
