// What no contract can say of itself, refused where it is declared: it would be sent, and every reader would have to take
// it for unreadable, or it could never be sent at all.

/** So that every expiry is a date that can be written. */
const TIMEOUT_MS_MAX = 1e13;

/** Throws RangeError: versions are whole numbers from 1, a timeout is 0 (never) or more. */
export function checkDeclaration(
  name: string,
  { version, timeoutMs }: { readonly version: number; readonly timeoutMs: number },
): void {
  if (!Number.isSafeInteger(version) || version < 1)
    throw new RangeError(`the version of ${name} is ${version}; it is a whole number from 1`);
  if (!(timeoutMs >= 0 && timeoutMs <= TIMEOUT_MS_MAX))
    throw new RangeError(`timeoutMs of ${name} is ${timeoutMs}; it is 0 (never) to ${TIMEOUT_MS_MAX} ms`);
}
