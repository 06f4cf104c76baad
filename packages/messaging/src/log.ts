// The little of a logger that this package needs; a pino logger fits as it is.

/**
 * What was thrown is the field `err`. `error` is refused: pino writes an error under that name as `{}`, because its text
 * is no enumerable property.
 */
export type LogFields = { readonly [field: string]: unknown; readonly error?: never };

export type Log = {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
};
