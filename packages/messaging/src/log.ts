// The little of a logger that this package needs; a pino logger fits as it is. What was thrown is the field `err`: the
// text of an error is no enumerable property, and pino writes it for that name only.

export type Log = {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};
