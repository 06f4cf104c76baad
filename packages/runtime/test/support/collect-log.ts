// A logger whose lines a test can read, as the objects they are.
import { createLogger } from '../../src/logger.ts';
import type { Logger, LogLevel } from '../../src/logger.ts';

export type LogLine = Readonly<Record<string, unknown>>;

export function collectLog(
  level: LogLevel = 'info',
  mixin?: (line: object) => object,
): { readonly logger: Logger; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  return {
    logger: createLogger({ service: 'demo', replicaId: 'r1', level, pretty: false, mixin, destination }),
    lines,
  };
}
