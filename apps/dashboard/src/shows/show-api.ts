// What the page asks of steering about shows. Changes are conditional: what is changed is what was looked at.
import type { Show, ShowPatch } from '@longwave/contracts';
import { ProblemError, type Answer, type Api } from '../http/api.ts';
import type { Page } from '../live/list-cache.ts';
import type { ItemTraits } from '../live/live-list.ts';

export const SHOWS_FIRST_PAGE = '/steering/api/v1/shows/?limit=200&order=name';

export const showTraits: ItemTraits<Show> = {
  keyOf: (show) => String(show.id),
  stampOf: (show) => show.updatedAt,
  compare: (left, right) => left.name.localeCompare(right.name, 'en') || left.id - right.id,
};

/** The part of a show that the form asks for; everything else has a default. */
export type ShowDraft = { readonly name: string; readonly slug: string; readonly shortDescription: string };

/** Somebody changed or deleted the show after it was put on this page. */
export class ShowChangedError extends Error {
  readonly code = 'show-changed';

  constructor(name: string, cause?: unknown) {
    super(`“${name}” was changed by someone else. Look at it again, then repeat.`, { cause });
    this.name = 'ShowChangedError';
  }
}

export class ShowApi {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  async page(path: string, signal: AbortSignal): Promise<Page<Show>> {
    return (await this.#api.get<Page<Show>>(path, signal)).body;
  }

  /** One show; null when there is none (any more). */
  async read(path: string, signal: AbortSignal): Promise<Show | null> {
    try {
      return (await this.#api.get<Show>(path, signal)).body;
    } catch (error) {
      if (error instanceof ProblemError && isGone(error)) return null;
      throw error;
    }
  }

  /** Creates a show. Safe to repeat with the same key. Throws ProblemError, UnreachableError. */
  async create(draft: ShowDraft, idempotencyKey: string): Promise<Show> {
    const { name, slug, shortDescription } = draft;
    const body = { name, shortDescription, ...(slug === '' ? {} : { slug }) };
    return (await this.#api.change<Show>('POST', '/steering/api/v1/shows/', { body, idempotencyKey })).body;
  }

  /** Changes the show that was seen. Throws ShowChangedError when it is another by now; ProblemError, UnreachableError. */
  change(seen: Show, patch: ShowPatch): Promise<Show> {
    return this.#ifUnchanged(seen, async (etag) => {
      const contentType = 'application/merge-patch+json';
      const options = { body: patch, contentType, ifMatch: etag };
      return (await this.#api.change<Show>('PATCH', pathOfShow(seen), options)).body;
    });
  }

  /** Deletes the show that was seen. Throws like `change`. */
  async delete(seen: Show): Promise<void> {
    await this.#ifUnchanged(seen, (etag) => this.#api.change('DELETE', pathOfShow(seen), { ifMatch: etag }));
  }

  /** The list has no ETags, so the show is read first; between this read and the change If-Match stands guard. */
  async #ifUnchanged<Result>(seen: Show, act: (etag: string | null) => Promise<Result>): Promise<Result> {
    try {
      const now: Answer<Show> = await this.#api.get<Show>(pathOfShow(seen), new AbortController().signal);
      if (now.body.updatedAt !== seen.updatedAt) throw new ShowChangedError(seen.name);
      return await act(now.etag);
    } catch (error) {
      const isStale = error instanceof ProblemError && (error.problem.status === 412 || isGone(error));
      throw isStale ? new ShowChangedError(seen.name, error) : error;
    }
  }
}

function isGone({ problem }: ProblemError): boolean {
  return problem.status === 404 || problem.status === 410;
}

function pathOfShow({ id }: Show): string {
  return `/steering/api/v1/shows/${id}/`;
}
