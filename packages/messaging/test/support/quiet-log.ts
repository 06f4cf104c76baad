// A log that says nothing: what a test is about is asserted, not read.
import type { Log } from '@longwave/messaging';

export const quietLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
