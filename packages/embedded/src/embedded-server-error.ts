// The one error class of this package. A code is for programs and stays; the message is for the person at the
// keyboard and always says what to do next (E8).

export type EmbeddedServerErrorCode =
  | 'unsupported-platform'
  | 'binary-missing'
  | 'port-taken'
  | 'already-running'
  | 'folder-unusable'
  | 'not-ready';

export class EmbeddedServerError extends Error {
  override readonly name = 'EmbeddedServerError';
  readonly code: EmbeddedServerErrorCode;

  constructor(code: EmbeddedServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * True for what Node throws when a system call or an import fails with one of these codes, such as `ENOENT`. Asks for
 * the code and not for the class: inside Jest, Node's errors are of another realm's class.
 */
export function isSystemError(error: unknown, ...codes: readonly string[]): error is NodeJS.ErrnoException {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  return typeof error.code === 'string' && codes.includes(error.code);
}
