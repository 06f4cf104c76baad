// One health check with a deadline. A check that hangs is reported as down and is not started a second time
// while the first still runs (H2): a dead dependency must not collect waiting checks.
import type { Logger } from '../logger.ts';

export type HealthState =
  /** `note`: what is worth knowing and no trouble. */
  | { readonly state: 'up'; readonly note?: string }
  | { readonly state: 'degraded'; readonly reason: string }
  | { readonly state: 'down'; readonly reason: string };

/** Answers within the deadline or stops when `signal` aborts. The reason is public: no addresses, no secrets. */
export type HealthCheck = (signal: AbortSignal) => Promise<HealthState> | HealthState;

export type ProbeOptions = { readonly name: string; readonly withinMs: number; readonly logger: Logger | undefined };

export class Probe {
  readonly #check: HealthCheck;
  readonly #options: ProbeOptions;
  #running: Promise<HealthState> | undefined;
  #lastState: HealthState['state'] = 'up';

  constructor(check: HealthCheck, options: ProbeOptions) {
    this.#check = check;
    this.#options = options;
  }

  /** Never rejects, never takes longer than the deadline. Logs when the state changes. */
  async run(): Promise<HealthState> {
    const { name, withinMs, logger } = this.#options;
    const timeout = Promise.withResolvers<HealthState>();
    const timer = setTimeout(
      () => timeout.resolve({ state: 'down', reason: `no answer within ${withinMs} ms` }),
      withinMs,
    );
    this.#running ??= this.#start();
    const result = await Promise.race([this.#running, timeout.promise]);
    clearTimeout(timer);
    if (result.state !== this.#lastState)
      logger?.warn({ check: name, was: this.#lastState, ...result }, 'health changed');
    this.#lastState = result.state;
    return result;
  }

  async #start(): Promise<HealthState> {
    try {
      return await this.#check(AbortSignal.timeout(this.#options.withinMs));
    } catch (error) {
      this.#options.logger?.warn({ err: error, check: this.#options.name }, 'health check failed');
      // The text of an unknown error may hold an address or a password, and this answer is public (H3).
      return { state: 'down', reason: 'the check failed; the log says why' };
    } finally {
      this.#running = undefined;
    }
  }
}
