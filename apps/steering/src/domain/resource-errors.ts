// Why something cannot be done with a resource. All of it is for the client to mend; http/problems.ts says it in HTTP.
import type { Resource } from './resource.ts';

export class ResourceNotFoundError extends Error {
  override readonly name = 'ResourceNotFoundError';
  readonly code: string;

  constructor({ type, noun }: Pick<Resource, 'type' | 'noun'>, id: number) {
    super(`There is no ${noun} ${id}.`);
    this.code = `${type}-not-found`;
  }
}

/** A reference of a body that leads nowhere. */
export type UnknownReference = { readonly field: string; readonly id: number; readonly noun: string };

export class UnknownReferencesError extends Error {
  override readonly name = 'UnknownReferencesError';
  readonly code = 'unknown-reference';
  readonly references: readonly UnknownReference[];

  constructor(references: readonly UnknownReference[]) {
    super('The body refers to things that are not there.');
    this.references = references;
  }
}

/** Something that refers to what was to be deleted. */
export type Dependent = { readonly resource: Resource; readonly id: number; readonly label: string };

export class ResourceInUseError extends Error {
  override readonly name = 'ResourceInUseError';
  readonly code = 'in-use';
  readonly dependents: readonly Dependent[];
  readonly dependentsCount: number;

  /** `dependents` may be the first of many; the count is of all. */
  constructor(noun: string, id: number, dependents: readonly Dependent[], dependentsCount: number) {
    super(
      `${dependentsCount} other(s) refer to ${noun} ${id}. Let those refer to something else first, or to nothing.`,
    );
    this.dependents = dependents;
    this.dependentsCount = dependentsCount;
  }
}
