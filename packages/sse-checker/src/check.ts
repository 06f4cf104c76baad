// The check itself: clients that listen, a publisher that numbers what it says, faults at random moments, and at the
// end, when all is quiet, a verdict. Nothing is known of the server but what a client sees.
import { setTimeout as sleep } from 'node:timers/promises';
import { startPublishing } from './publishing.ts';
import { randomFrom } from './random.ts';
import { StreamClient } from './stream-client.ts';
import type { Target, WireEvent } from './target.ts';
import { readMessage, requireCheckable, UnknownOutcomeError } from './unknown-outcome.ts';
import { Witness, type Violation } from './witness.ts';

export type CheckOptions = {
  readonly clients: number;
  readonly channels: number;
  readonly messagesPerSecond: number;
  readonly durationMs: number;
  /** The same seed strikes in the same order. */
  readonly seed: number;
  /** A mean; a tenth of all clients are cut off, or a fault of the target strikes. Infinity: none. */
  readonly faultEveryMs: number;
  /** How long the end may take: everybody reconnected and caught up. */
  readonly settleWithinMs: number;
  readonly onProgress: (text: string) => void;
};

export type Verdict = {
  readonly published: number;
  readonly delivered: number;
  readonly connections: number;
  /** How often each fault struck. */
  readonly faults: Readonly<Record<string, number>>;
  /** Announced by the server; a gap is no violation. */
  readonly gaps: number;
  /** Answers that a browser would have given up on. */
  readonly refusals: readonly number[];
  readonly violations: readonly (Violation & { readonly client: number })[];
};

const CLIENTS_CUT = 0.1;
const CUT = 'clients cut off';
const LOOK_MS = 50;
/** More of them say nothing new. */
const VIOLATIONS_KEPT = 1_000;

type Watched = { readonly client: StreamClient; witness: Witness | null };

class Checking {
  readonly watched: Watched[] = [];
  readonly violations: (Violation & { readonly client: number })[] = [];
  readonly refusals: number[] = [];
  readonly faults: Record<string, number> = {};
  delivered = 0;
  gaps = 0;
  /** Set when it makes no sense to go on. */
  failure: Error | null = null;
  readonly #target: Target;
  readonly #attempted: readonly number[];

  constructor(target: Target, attempted: readonly number[]) {
    this.#target = target;
    this.#attempted = attempted;
  }

  addClient(random: () => number): void {
    const index = this.watched.length;
    const { url, urls = [url], headers = {}, resumeBy = 'header' } = this.#target;
    const client = new StreamClient({
      urls: [...urls.slice(index % urls.length), ...urls.slice(0, index % urls.length)],
      headers,
      resumeBy,
      random,
      onOpen: () => (watched.witness ??= new Witness(this.#attempted)),
      onRefused: (status) => this.refusals.push(status),
      onEvent: (event) => this.#take(index, watched, event),
    });
    const watched: Watched = { client, witness: null };
    this.watched.push(watched);
    client.open();
  }

  /** A gap first: what announces one need not be anything that the target can read. */
  #take(client: number, watched: Watched, event: WireEvent): void {
    const { isGap = isTypeGap } = this.#target;
    if (isGap(event)) return this.#gap(watched);
    try {
      const message = readMessage(this.#target, event);
      if (message !== null) this.#see(client, watched, message);
    } catch (error) {
      this.failure ??= error instanceof Error ? error : new Error(String(error));
    }
  }

  #see(client: number, { witness }: Watched, message: { readonly channel: number; readonly number: number }): void {
    this.delivered += 1;
    const violation = witness?.see(message);
    if (violation !== undefined && this.violations.length < VIOLATIONS_KEPT)
      this.violations.push({ ...violation, client });
  }

  #gap({ witness }: Watched): void {
    this.gaps += 1;
    witness?.gap();
  }

  /** Clients whose stream has never been open. */
  get deafCount(): number {
    return this.watched.filter(({ witness }) => witness === null).length;
  }

  isComplete(): boolean {
    return this.watched.every(({ witness }) => witness?.missingAtEnd(this.#attempted).length === 0);
  }

  /** (W3) */
  judgeEnd(): void {
    for (const [client, { witness }] of this.watched.entries())
      for (const violation of witness?.missingAtEnd(this.#attempted) ?? [])
        this.violations.push({ ...violation, client });
  }
}

const isTypeGap = ({ type }: { readonly type: string }): boolean => type === 'gap';

/**
 * Runs to the end, whatever is found. Rejects when it cannot publish, when a fault cannot be undone, and with
 * UnknownOutcomeError when nothing could be found out.
 */
export async function check(target: Target, options: CheckOptions): Promise<Verdict> {
  requireCheckable(target, options);
  const random = randomFrom(options.seed);
  const publishing = startPublishing(target, { channels: options.channels, perSecond: options.messagesPerSecond });
  const checking = new Checking(target, publishing.attempted);
  try {
    for (let index = 0; index < options.clients; index += 1) checking.addClient(random);
    await untilAll(checking, () => checking.deafCount === 0, options.settleWithinMs);
    if (checking.deafCount > 0) throw nobodyListens(checking, options);
    await strike(target, checking, options, random);
    await publishing.stop();
    options.onProgress('all is published; waiting for the clients to catch up');
    await untilAll(checking, () => checking.isComplete(), options.settleWithinMs);
    checking.judgeEnd();
  } finally {
    await publishing.stop().catch(() => undefined);
    for (const { client } of checking.watched) client.close();
  }
  return verdictOf(checking, publishing.attempted);
}

/** Strikes until the time is over; a fault that has begun is finished. */
async function strike(
  { faults = [] }: Target,
  checking: Checking,
  { durationMs, faultEveryMs, onProgress }: CheckOptions,
  random: () => number,
): Promise<void> {
  const endsAtMs = performance.now() + durationMs;
  const secondsLeft = (): string => `${Math.max(0, Math.round((endsAtMs - performance.now()) / 1_000))} s left`;
  for (;;) {
    const leftMs = Math.max(0, endsAtMs - performance.now());
    // A clock is not asked whether it is over: timers may be a millisecond early.
    const untilFaultMs = faultEveryMs === Infinity ? Infinity : faultEveryMs * 2 * random();
    await untilAll(checking, () => false, Math.min(untilFaultMs, leftMs));
    if (untilFaultMs >= leftMs) return;
    const fault = faults[Math.floor(random() * (faults.length + 1))];
    const name = fault?.name ?? CUT;
    checking.faults[name] = (checking.faults[name] ?? 0) + 1;
    onProgress(`${name} (${secondsLeft()}, ${checking.violations.length} violations)`);
    if (fault !== undefined) await fault.strike();
    else for (const { client } of checking.watched) if (random() < CLIENTS_CUT) client.kill();
  }
}

/**
 * Resolves when `isTrue`, or when the time is over: what is not true then is part of the verdict. Rejects when it makes
 * no sense to go on.
 */
async function untilAll(checking: Checking, isTrue: () => boolean, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (let leftMs = withinMs; !isTrue() && leftMs > 0; leftMs = deadline - performance.now()) {
    await sleep(Math.min(LOOK_MS, leftMs));
    if (checking.failure !== null) throw checking.failure;
  }
}

function nobodyListens({ deafCount, refusals }: Checking, { clients, settleWithinMs }: CheckOptions): Error {
  const answers = [...new Set(refusals)].join(', ');
  const came = answers === '' ? 'no answer came' : `the answers were ${answers}`;
  return new UnknownOutcomeError(
    `the stream of ${deafCount} of ${clients} clients was not open within ${settleWithinMs / 1_000} s: ${came}`,
  );
}

function verdictOf(checking: Checking, published: readonly number[]): Verdict {
  const { delivered, faults, gaps, refusals, violations, watched } = checking;
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  return {
    published: sum(published),
    delivered,
    connections: sum(watched.map(({ client }) => client.connections)),
    faults,
    gaps,
    refusals,
    violations,
  };
}
