// `@longwave/messaging/inbox`: exactly-once effects in a consumer's Postgres.
export type { Arrival, Arriving, QuerySql } from './arrival.ts';
export { effectsOnce } from './effects-once.ts';
export type { InTransaction } from './in-transaction.ts';
export { recordArrival } from './inbox.ts';
export { recordArrivals } from './record-arrivals.ts';
