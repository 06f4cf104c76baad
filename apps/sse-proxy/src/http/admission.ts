// Who is let in, and to what: the one decision behind `GET /events`, whether the request came through Express or not.
// What would be wrong the next time too is a Problem; what is only too much now is turned away, which an EventSource
// survives. (S8)
import { Problem } from '@longwave/runtime';
import { z } from 'zod';
import { select, SelectionError, type Selection, type SelectionRules } from '../domain/selection.ts';
import type { Hub } from '../sse/hub.ts';
import type { Claim } from '../sse/resume.ts';
import { claimOf } from './claim.ts';

/** The parameters of `GET /events`. */
export const eventsQuery = z.object({
  subject: z.array(z.string()).optional().meta({ description: 'A subject filter (`*`, `>`); may be repeated.' }),
  lastEventId: z.string().optional().meta({ description: 'Where to go on: the id of the last event.' }),
});

export type EventsQuery = z.infer<typeof eventsQuery>;

export type EventsRequest = {
  readonly query: EventsQuery;
  /** The header of that name. */
  readonly lastEventId: string | undefined;
};

export type Admitted = { readonly selection: Selection; readonly claim: Claim };

export type AdmissionDeps = {
  readonly hub: Hub;
  readonly rules: SelectionRules;
  readonly connectionsMax: number;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
};

/** Long enough for a crowd to thin out, spread so that it does not come back as one. */
const OVERLOAD_RETRY_MS = { min: 5_000, spread: 10_000 };

export class Admission {
  readonly #deps: AdmissionDeps;

  constructor(deps: AdmissionDeps) {
    this.#deps = deps;
  }

  /** Throws Problem: the request is wrong, and will be. Changes nothing, so it may be asked twice. */
  check({ query, lastEventId }: EventsRequest): Admitted {
    const selection = selectOrRefuse(query.subject ?? [], this.#deps.rules);
    return { selection, claim: claimOf(lastEventId, query.lastEventId) };
  }

  /** No room for another stream now. */
  get isFull(): boolean {
    const { hub, connectionsMax } = this.#deps;
    return hub.isDraining || hub.connections >= connectionsMax;
  }

  /** When to come back, for who is turned away. */
  retryMs(): number {
    return OVERLOAD_RETRY_MS.min + this.#deps.random() * OVERLOAD_RETRY_MS.spread;
  }
}

function selectOrRefuse(subjects: readonly string[], rules: SelectionRules): Selection {
  try {
    return select(subjects, rules);
  } catch (cause) {
    if (!(cause instanceof SelectionError)) throw cause;
    const { code, message: detail } = cause;
    throw new Problem({ status: code === 'forbidden-subject' ? 403 : 400, code, detail, cause });
  }
}
