// The log of a service: pino, one JSON object per line, or readable text in a terminal.
// Exists so that every service has the same fields and no line can carry a secret. Writes synchronously:
// the last line before a crash is the one that matters.
import { pino, stdSerializers } from 'pino';
import type { DestinationStream, Logger as PinoLogger } from 'pino';
import pretty from 'pino-pretty';

export type Logger = PinoLogger;

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

export type LoggerOptions = {
  readonly service: string;
  readonly replicaId: string;
  readonly level: LogLevel;
  readonly pretty: boolean;
  /** Where lines go; default: standard output. */
  readonly destination?: DestinationStream;
};

const secretNames = ['authorization', 'cookie', 'set-cookie', 'password', 'token', 'secret', 'seed', 'DATABASE_URL'];
/** Three levels deep: `{ req: { headers: { authorization } } }`. Each further level costs every line. */
const secretPaths = secretNames.flatMap((name) => ['', '*', '*.*'].map((parents) => `${parents}["${name}"]`));
/** The password in `scheme://user:password@host`, as drivers like to print it. */
const urlPassword = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s@]+(?=@)/gi;

/** One line each: several services share a terminal. */
const prettyOptions = { sync: true, singleLine: true, messageFormat: '[{service}] {msg}', ignore: 'service,replicaId' };

/** A logger whose lines name the service and replica, and in which secrets (by name, or in a URL of an error) are hidden. */
export function createLogger(options: LoggerOptions): Logger {
  const destination = options.destination ?? pino.destination({ fd: 1, sync: true });
  return pino(
    {
      level: options.level,
      base: { service: options.service, replicaId: options.replicaId },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secretPaths, censor: '[redacted]' },
      serializers: { err: serializeError },
    },
    options.pretty ? pretty({ ...prettyOptions, destination }) : destination,
  );
}

function serializeError(error: Error): unknown {
  const text = JSON.stringify(stdSerializers.err(error));
  return text === undefined ? error : JSON.parse(text.replaceAll(urlPassword, '$1[redacted]'));
}
