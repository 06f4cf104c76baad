// What replacing and patching make of a resource's content, when two are the same, and how one is shown. Pure.
import { isDeepStrictEqual } from 'node:util';
import type { Content, Resource, ResourceRecord } from './resource.ts';

/**
 * What PUT makes of it: everything is replaced. Only a field without a default that is not named stays as it is, such as
 * a show's slug, because addresses stay.
 */
export function replaceContent(current: Content, input: Content): Content {
  return { ...current, ...input };
}

/** What PATCH makes of it, as RFC 7396 says: absent members stay, arrays are replaced whole, null is a value. */
export function patchContent(current: Content, patch: Content): Content {
  return { ...current, ...patch };
}

/** Whether `wanted` says the same as `current`. */
export function isSameContent(current: Content, wanted: Content): boolean {
  return isDeepStrictEqual(current, wanted);
}

/** The resource as the API answers it. */
export function representRecord({ fields }: Resource, { id, content, createdAt, updatedAt }: ResourceRecord): Content {
  return {
    id,
    ...pick(content, fields),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

/** `names` of `source`, in this order. */
export function pick(source: Content, names: readonly string[]): Content {
  return Object.fromEntries(names.map((name) => [name, source[name]]));
}
