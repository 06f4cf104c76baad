// Why the buffer did not take a message, or a folder. What was not taken is nowhere: it is still the caller's.

export type BufferErrorCode =
  /** There is no room; the broker has to come back first, or the policy be another one. */
  | 'buffer-full'
  /** The disk failed, or is full. Once it works again, so does the buffer. */
  | 'buffer-disk-failed'
  /** Another process, or another part of this one, has the folder open. */
  | 'buffer-locked'
  /** The folder was written by a version of this package that this one cannot read. */
  | 'buffer-format-unknown'
  | 'buffer-closed';

export class BufferError extends Error {
  override readonly name = 'BufferError';
  readonly code: BufferErrorCode;

  constructor(code: BufferErrorCode, reason: string, options?: { cause?: unknown }) {
    super(reason, options);
    this.code = code;
  }
}

/** `work`, with whatever the disk fails with as a BufferError; `doing` is what failed. */
export async function onDisk<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof BufferError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BufferError('buffer-disk-failed', `${doing} failed: ${why}`, { cause });
  }
}
