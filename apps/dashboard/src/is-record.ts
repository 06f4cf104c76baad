// Tells an object from everything else that JSON can be, for data that somebody else wrote.

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
