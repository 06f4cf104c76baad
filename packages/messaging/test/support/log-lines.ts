// A log that keeps what is said, for tests of what must stand in it.
import type { Log } from '@longwave/messaging';

export type LogLine = { readonly message: string; readonly fields: Readonly<Record<string, unknown>> };

export function keepLog(): { readonly log: Log; readonly lines: readonly LogLine[] } {
  const lines: LogLine[] = [];
  const keep = (fields: object, message: string): void => void lines.push({ message, fields: { ...fields } });
  return { log: { debug: keep, info: keep, warn: keep, error: keep }, lines };
}
