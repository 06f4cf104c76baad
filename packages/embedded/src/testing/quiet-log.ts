// A log that says nothing: what a test is about is asserted, not read.

const ignore = (): undefined => undefined;

export const quietLog = { debug: ignore, info: ignore, warn: ignore, error: ignore } as const;
