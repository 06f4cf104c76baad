// What a software package is to steering: an identity within a namespace and what can be said of it. Pure.
import { isDeepStrictEqual } from 'node:util';
import {
  PackageCreated,
  PackageUpdated,
  type PackageId,
  type PackageInput,
  type PackageMessage,
  type PackageResource,
} from '@longwave/contracts';
import type { Draft } from '@longwave/messaging/contract';

/** The namespace is a part of the identity: the same name in another one is another package. */
export type PackageKey = { readonly namespace: string; readonly packageId: PackageId };

/** What can be said of a package; what is absent was not said. */
export type PackageContent = Readonly<PackageInput>;

/** A stored package. `revision` is 1 for a new one and grows by one with each change. */
export type PackageRecord = PackageKey & {
  readonly content: PackageContent;
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** What will be told when the package is new, or when it has changed. */
export type PackageDrafts = { readonly created: Draft; readonly updated: Draft };

/** Throws SubjectError `subject-too-long`: with such an identity no message could ever be sent. */
export function packageDrafts(key: PackageKey, content: PackageContent): PackageDrafts {
  const message: PackageMessage = { ...key, ...presentOf(content) };
  return { created: PackageCreated.of(message), updated: PackageUpdated.of(message) };
}

export function isSamePackage(left: PackageContent, right: PackageContent): boolean {
  return isDeepStrictEqual(presentOf(left), presentOf(right));
}

/** The package as the API answers it. */
export function representPackage({ namespace, packageId, content, ...record }: PackageRecord): PackageResource {
  return {
    namespace,
    packageId,
    ...presentOf(content),
    createdAt: record.createdAt.toISOString(),
    updatedAt: record.updatedAt.toISOString(),
  };
}

/** Without the members that are there but undefined: they mean the same as absent ones. */
function presentOf({ description, vendor, signature, dependencies }: PackageContent): PackageContent {
  return {
    ...(description === undefined ? {} : { description }),
    ...(vendor === undefined ? {} : { vendor }),
    ...(signature === undefined ? {} : { signature }),
    ...(dependencies === undefined ? {} : { dependencies }),
  };
}
