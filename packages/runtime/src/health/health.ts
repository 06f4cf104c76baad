// Whether a service may be given work. It is ready when it has started, is not stopping, and nothing it needs
// is down. Being degraded is worth saying and no reason to go away.
// A flood of probes costs one check: an answer is shared while it is made and kept for a moment (H1).
// Says nothing about liveness: a loop that turns is alive.
import type { Logger } from '../logger.ts';
import { Probe } from './probe.ts';
import type { HealthCheck, HealthState } from './probe.ts';

export type HealthOptions = {
  readonly service: string;
  readonly replicaId: string;
  /** Where a change of a check's state, and the error of a check that threw, are told. */
  readonly logger?: Logger;
  readonly checkWithinMs?: number;
  readonly cacheMs?: number;
};

export type HealthReport = {
  readonly status: 'ready' | 'starting' | 'stopping' | 'down';
  readonly service: string;
  readonly replicaId: string;
  readonly checks: Readonly<Record<string, HealthState>>;
};

type Phase = 'starting' | 'started' | 'stopping';
type Answer = { readonly checks: Promise<HealthReport['checks']>; expiresAtMs: number };

const checkWithinMsDefault = 2000;
const cacheMsDefault = 250;

export class Health {
  readonly #options: HealthOptions;
  readonly #probes = new Map<string, Probe>();
  #phase: Phase = 'starting';
  #answer: Answer | undefined;

  constructor(options: HealthOptions) {
    this.#options = options;
  }

  /** Adds a dependency. Names are the keys of the report, e.g. `database`, `broker`. */
  register(name: string, check: HealthCheck): void {
    if (this.#probes.has(name)) throw new Error(`a health check named '${name}' is registered already`);
    const { checkWithinMs: withinMs = checkWithinMsDefault, logger } = this.#options;
    this.#probes.set(name, new Probe(check, { name, withinMs, logger }));
  }

  /** Call when everything is up, just before or after listening; until then the service is not ready. */
  markStarted(): void {
    if (this.#phase === 'starting') this.#phase = 'started';
  }

  /** Call first when stopping, so that a balancer sends no more. Cannot be undone. */
  markStopping(): void {
    this.#phase = 'stopping';
  }

  async report(): Promise<HealthReport> {
    const checks = await this.#sharedChecks();
    const { service, replicaId } = this.#options;
    return { status: this.#status(checks), service, replicaId, checks };
  }

  #status(checks: HealthReport['checks']): HealthReport['status'] {
    if (this.#phase !== 'started') return this.#phase;
    return Object.values(checks).some(({ state }) => state === 'down') ? 'down' : 'ready';
  }

  #sharedChecks(): Promise<HealthReport['checks']> {
    if (this.#answer !== undefined && performance.now() < this.#answer.expiresAtMs) return this.#answer.checks;
    const answer: Answer = { checks: this.#runProbes(), expiresAtMs: Infinity };
    this.#answer = answer;
    // Probes never reject, so neither does this.
    void answer.checks.then(() => {
      answer.expiresAtMs = performance.now() + (this.#options.cacheMs ?? cacheMsDefault);
    });
    return answer.checks;
  }

  async #runProbes(): Promise<HealthReport['checks']> {
    const entries = [...this.#probes].map(async ([name, probe]) => [name, await probe.run()] as const);
    return Object.fromEntries(await Promise.all(entries));
  }
}
