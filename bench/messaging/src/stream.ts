// The stream and the load that every row shares.

export const STREAM = 'bench';
export const SUBJECTS = 'bench.>';
/** Publishes under way at once. */
export const IN_FLIGHT = 256;
/** Messages a consumer may have been sent and not settled. */
export const PREFETCH = 1_000;
