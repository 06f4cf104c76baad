// What all sides send: a meter was read. Plain data, and nothing of the package: the raw side must not load any of it.

export type MeterReading = {
  readonly meter: string;
  readonly value: number;
  readonly unit: 'kWh' | 'm3';
  readonly readAt: string;
};

/** Some hundred subjects and keys, as a network of devices has them. */
const METERS = 1_000;

export function meterReading(index: number): MeterReading {
  return { meter: `meter-${index % METERS}`, value: index, unit: 'kWh', readAt: '2026-03-01T08:30:00.000Z' };
}

export const TIMEOUT_MS = 60 * 60_000;
export const INSTANCE = 'bench';
export const REPLICA = 'bench-1';
export const ACTOR = 'user:bench';
export const CAUSATION_ID = '0195a5a0-0000-7000-8000-000000000001';
export const CORRELATION_ID = '0195a5a0-0000-7000-8000-000000000002';
export const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
