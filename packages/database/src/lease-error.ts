// What can happen to a lease that its holder must know. Both are for logs and metrics: the lease goes on by itself.

export type LeaseErrorCode =
  /** The connection that held the lease is gone; another process may hold it soon. */
  | 'lost'
  /** The work did not end although its signal aborted. It keeps this process from asking for the lease again. */
  | 'work-still-running';

export class LeaseError extends Error {
  override readonly name = 'LeaseError';
  readonly code: LeaseErrorCode;

  constructor(code: LeaseErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
