// Why a service process ended, as its exit code.

export const exitCodes = {
  /** Asked to stop, and everything was released. */
  stopped: 0,
  /** It could not start, crashed, or could not stop cleanly in time. A supervisor may try again. */
  failed: 1,
  /** The environment is wrong: `EX_CONFIG` of sysexits.h. Trying again without changing it is pointless. */
  config: 78,
} as const;
