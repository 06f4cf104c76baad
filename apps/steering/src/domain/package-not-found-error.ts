// There is no such package in that namespace.
import type { PackageKey } from './package.ts';

export class PackageNotFoundError extends Error {
  override readonly name = 'PackageNotFoundError';
  readonly code = 'package-not-found';

  constructor({ namespace, packageId }: PackageKey) {
    super(`There is no package ${packageId.name} ${packageId.version} in the namespace ${namespace}.`);
  }
}
