// A log that passes on what is wrong and says nothing else: the cost of a log line is the log's, not the package's.
import type { Log } from '@longwave/messaging';

export const quietLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: (details, message) => console.error(message, details),
  error: (details, message) => console.error(message, details),
};
