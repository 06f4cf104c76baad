// Waits until every service says that it is ready, and says what keeps one from it.
import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from './start-error.ts';

const READY_WITHIN_MS = 30_000;
const ASK_EVERY_MS = 25;
const ANSWER_WITHIN_MS = 2_000;

export async function untilReady(urls: readonly string[]): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  await Promise.all(urls.map((url) => untilOneIsReady(url, deadline)));
}

async function untilOneIsReady(url: string, deadline: number): Promise<void> {
  for (;;) {
    const answer = await ask(url);
    if (answer === 'ready') return;
    if (performance.now() > deadline) throw new StartError(`${url} does not say that it is ready: ${answer}`);
    await sleep(ASK_EVERY_MS);
  }
}

/** `ready`, or what the service says instead. */
async function ask(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    const text = await response.text();
    return response.ok ? 'ready' : text;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
