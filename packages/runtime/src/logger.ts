// The log of a service: pino, one JSON object per line, or readable text in a terminal.
// Exists so that every service has the same fields and no line can carry a secret (O2). Writes synchronously:
// the last line before a crash is the one that matters.
import { pino } from 'pino';
import type { DestinationStream, Logger as PinoLogger } from 'pino';
import { prettyFactory } from 'pino-pretty';

export type Logger = PinoLogger;

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

export type LoggerOptions = {
  readonly service: string;
  readonly replicaId: string;
  readonly level: LogLevel;
  readonly pretty: boolean;
  /** What every line says besides, by its own fields. */
  readonly mixin?: ((line: object) => object) | undefined;
  /** Where lines go; default: standard output. */
  readonly destination?: DestinationStream;
};

const secretNames = ['authorization', 'cookie', 'set-cookie', 'password', 'token', 'secret', 'seed', 'DATABASE_URL'];
/** Three levels deep: `{ req: { headers: { authorization } } }`. Each further level costs every line. */
const secretPaths = secretNames.flatMap((name) => ['', '*', '*.*'].map((parents) => `${parents}["${name}"]`));
/**
 * The password in `scheme://user:password@host`, as drivers like to print it. The lengths are bounded because
 * what is logged may come from a client, and an unbounded match would be quadratic.
 */
const urlPassword = /(:\/\/[^\s:/@"]{0,128}:)[^\s@"]{1,256}(?=@)/g;
/** A logger whose lines name the service and replica, and in which secrets (by name, or as the password of a URL) are hidden. */
export function createLogger(options: LoggerOptions): Logger {
  const destination = options.destination ?? pino.destination({ fd: 1, sync: true });
  return pino(
    {
      level: options.level,
      base: { service: options.service, replicaId: options.replicaId },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      ...(options.mixin && { mixin: options.mixin }),
      redact: { paths: secretPaths, censor: '[redacted]' },
      // On the finished line, so that no message, stack or field can slip past.
      hooks: { streamWrite: (line) => line.replaceAll(urlPassword, '$1[redacted]') },
    },
    options.pretty ? readable(destination) : destination,
  );
}

/** One line each, as several services share a terminal. Not pino-pretty's stream, which loses what it holds at exit. */
function readable(destination: DestinationStream): DestinationStream {
  const format = prettyFactory({
    singleLine: true,
    messageFormat: '[{service}] {msg}',
    ignore: 'service,replicaId',
  });
  return { write: (line) => destination.write(format(line)) };
}
