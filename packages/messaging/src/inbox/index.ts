// `@longwave/messaging/inbox`: exactly-once effects in a consumer's Postgres.
export { recordArrival, type Arrival, type QuerySql } from './inbox.ts';
