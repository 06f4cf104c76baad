// A log for the handler whose every line says which message it is about. Without it only the lines that consuming and
// serving write themselves do.
import type { Log, LogFields } from '../log.ts';
import type { Middleware } from './middleware.ts';

/** Adds the `messageId`, `correlationId` and `type` of what arrived to what the handler logs. */
export function correlatedLog(): Middleware<{ readonly log: Log }> {
  return ({ name, message: { id, correlationId } }, { log }, next) =>
    next({ log: logWith(log, { messageId: id, correlationId, type: name }) });
}

function logWith(log: Log, common: LogFields): Log {
  return {
    debug: (fields, message) => log.debug({ ...common, ...fields }, message),
    info: (fields, message) => log.info({ ...common, ...fields }, message),
    warn: (fields, message) => log.warn({ ...common, ...fields }, message),
    error: (fields, message) => log.error({ ...common, ...fields }, message),
  };
}
