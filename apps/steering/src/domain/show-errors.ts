// Why something cannot be done with a show that could be done with any other resource.

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
