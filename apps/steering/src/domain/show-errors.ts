// Why something cannot be done with a show. All of it is for the client to mend; http/problems.ts says it in HTTP.

export class ShowNotFoundError extends Error {
  override readonly name = 'ShowNotFoundError';
  readonly code = 'show-not-found';

  constructor(id: number) {
    super(`There is no show ${id}.`);
  }
}

export class SlugTakenError extends Error {
  override readonly name = 'SlugTakenError';
  readonly code = 'slug-taken';

  constructor(slug: string, options?: ErrorOptions) {
    super(
      `Another show has the slug '${slug}'. Choose another one, or none to have one derived from the name.`,
      options,
    );
  }
}

export class UnknownPredecessorError extends Error {
  override readonly name = 'UnknownPredecessorError';
  readonly code = 'unknown-predecessor';

  constructor(id: number, options?: ErrorOptions) {
    super(`There is no show ${id} to be continued.`, options);
  }
}

export class PredecessorCycleError extends Error {
  override readonly name = 'PredecessorCycleError';
  readonly code = 'predecessor-cycle';

  constructor(id: number, predecessorId: number) {
    super(
      id === predecessorId
        ? 'A show cannot continue itself.'
        : `Show ${predecessorId} continues show ${id}, directly or by way of others; it cannot be the predecessor, too.`,
    );
  }
}

/** A show that hangs on another. */
export type Dependent = { readonly id: number; readonly name: string };

export class ShowInUseError extends Error {
  override readonly name = 'ShowInUseError';
  readonly code = 'in-use';
  readonly dependents: readonly Dependent[];
  readonly dependentsCount: number;

  /** `dependents` may be the first of many; the count is of all. */
  constructor(id: number, dependents: readonly Dependent[], dependentsCount: number) {
    super(
      `Show ${id} is the predecessor of ${dependentsCount} other(s). Give those another predecessor first, or none.`,
    );
    this.dependents = dependents;
    this.dependentsCount = dependentsCount;
  }
}
