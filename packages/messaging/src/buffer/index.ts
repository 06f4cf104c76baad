// `@longwave/messaging/buffer`: messages that wait on this machine's disk until the broker has them.
export { BufferError, type BufferErrorCode } from './buffer-error.ts';
export type { Disk, DiskFile, DiskLock } from './disk.ts';
export type { BufferLoss, BufferState, MessageBuffer } from './message-buffer.ts';
export { openBuffer, type BufferOptions } from './open-buffer.ts';
