// A station as its gateway shows it: the only door the test of the stack goes through.
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const ANSWER_WITHIN_MS = 15_000;
const ASK_EVERY_MS = 100;

const page = z.object({ items: z.array(z.unknown()), next: z.string().nullable() });

export type StationClient = {
  readonly url: string;
  fetch(
    method: string,
    path: string,
    options?: { readonly body?: object; readonly headers?: Record<string, string> },
  ): Promise<Response>;
  /** Every item of a collection, page by page. */
  all<Item>(path: string, item: z.ZodType<Item>): Promise<readonly Item[]>;
};

export function createStationClient(url: string): StationClient {
  const client: StationClient = {
    url,
    fetch: (method, path, { body, headers = {} } = {}) =>
      fetch(`${url}${path}`, {
        method,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    all: async (path, item) => {
      const items = [];
      for (let next: string | null = path; next !== null;) {
        const answer = await client.fetch('GET', next);
        if (!answer.ok) throw new Error(`${next} answered ${answer.status}: ${await answer.text()}`);
        const found: z.infer<typeof page> = page.parse(await answer.json());
        items.push(...found.items.map((one) => item.parse(one)));
        // Steering names the whole address, others the path.
        next = found.next === null ? null : found.next.replace(/^https?:\/\/[^/]+/, '');
      }
      return items;
    },
  };
  return client;
}

/** Asks again and again; what fails meanwhile is not an answer. Throws, with the last one, after `withinMs`. */
export async function until(what: string, condition: () => Promise<string | true>, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const state = await condition().catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    if (state === true) return;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${withinMs / 1_000} s; last: ${state}`);
    await sleep(ASK_EVERY_MS);
  }
}
