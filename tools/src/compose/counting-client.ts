// A client that writes a few times a second, whatever happens to the stack, and counts: what was accepted must be there
// afterwards, once. It repeats a request until it is accepted, as clients are told to: the same Idempotency-Key, the same
// PUT.
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { StationClient } from './station-client.ts';

const PAUSE_MS = 100;
const RETRY_MS = 200;
/** Longer than anything may be away: then a request is lost, and that is what the test is about. */
const ACCEPTED_WITHIN_MS = 120_000;

/** Each is told once: a show that is made, a package that becomes known. */
export type Accepted =
  | { readonly kind: 'show'; readonly id: number }
  | { readonly kind: 'package'; readonly name: string };

export type CountingClient = {
  readonly accepted: readonly Accepted[];
  /** How often each refusal was met, by its code, or by what the connection failed with. */
  readonly refusals: ReadonlyMap<string, number>;
  /** The longest that one request took until it was accepted. */
  readonly waitedMsMax: () => number;
  /** Finishes what is under way. Rejects when a request was not accepted in time, or refused for good. */
  stop(): Promise<void>;
};

const created = z.object({ id: z.int() });
const problem = z.object({ code: z.string() });

/** `run` tells the writes of this client from all others: it is their correlation id. */
export function startCounting(station: StationClient, run: string): CountingClient {
  const accepted: Accepted[] = [];
  const refusals = new Map<string, number>();
  const stopping = new AbortController();
  let waitedMsMax = 0;

  const write = async (number: number): Promise<Accepted> => {
    const headers = { 'x-correlation-id': run };
    if (number % 2 === 0) {
      const name = `${run}.${number}`;
      const path = `/steering/api/v1/packages/${name}/1.0.0`;
      await untilAccepted(() => station.fetch('PUT', path, { body: { vendor: run }, headers }), refusals);
      return { kind: 'package', name };
    }
    const request = {
      body: { name: `${run} ${number}` },
      headers: { ...headers, 'idempotency-key': `${run}-${number}` },
    };
    const answer = await untilAccepted(() => station.fetch('POST', '/steering/api/v1/shows/', request), refusals);
    return { kind: 'show', id: created.parse(answer).id };
  };
  const writeAll = async (): Promise<void> => {
    for (let number = 0; !stopping.signal.aborted; number += 1) {
      const startedAt = performance.now();
      accepted.push(await write(number));
      waitedMsMax = Math.max(waitedMsMax, performance.now() - startedAt);
      await sleep(PAUSE_MS);
    }
  };
  const running = writeAll();
  // It is looked at by `stop`.
  running.catch(() => undefined);
  return {
    accepted,
    refusals,
    waitedMsMax: () => Math.round(waitedMsMax),
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/** The body of the first 2xx. */
async function untilAccepted(send: () => Promise<Response>, refusals: Map<string, number>): Promise<unknown> {
  const deadline = performance.now() + ACCEPTED_WITHIN_MS;
  for (;;) {
    const answer = await outcomeOf(send);
    if ('body' in answer) return answer.body;
    refusals.set(answer.refusal, (refusals.get(answer.refusal) ?? 0) + 1);
    if (answer.isFinal || performance.now() > deadline) throw new Error(`a write was not accepted: ${answer.refusal}`);
    await sleep(RETRY_MS);
  }
}

type Outcome = { readonly body: unknown } | { readonly refusal: string; readonly isFinal: boolean };

async function outcomeOf(send: () => Promise<Response>): Promise<Outcome> {
  try {
    const response = await send();
    const text = await response.text();
    if (response.ok) return { body: JSON.parse(text) };
    const { data } = problem.safeParse(JSON.parse(text));
    return { refusal: `${response.status} ${data?.code ?? ''}`, isFinal: response.status < 500 };
  } catch (error) {
    // The gateway itself is away.
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { refusal: cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause), isFinal: false };
  }
}
