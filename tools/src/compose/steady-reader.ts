// Somebody who reads from every service all the time, and counts what is not answered.
import { setTimeout as sleep } from 'node:timers/promises';
import type { StationClient } from './station-client.ts';

const PAUSE_MS = 100;
const paths = [
  '/steering/api/v1/shows/?limit=1',
  '/resolver/api/v1/packages/?limit=1',
  '/audit-log/api/v1/entries/?limit=1',
];

/** `work`, with reads around it. Throws when one was not answered 200; resolves with how many there were. */
export async function whileReading(station: StationClient, work: () => Promise<void>): Promise<number> {
  const stopping = new AbortController();
  const reading = readAll(station, stopping.signal);
  try {
    await work();
  } finally {
    stopping.abort();
  }
  const { count, refusals } = await reading;
  if (refusals.length > 0) throw new Error(`${refusals.length} of ${count} reads were not answered: ${refusals[0]}`);
  return count;
}

async function readAll(station: StationClient, signal: AbortSignal): Promise<{ count: number; refusals: string[] }> {
  const refusals: string[] = [];
  let count = 0;
  while (!signal.aborted) {
    for (const path of paths) {
      const answer = await station.fetch('GET', path).then(describe, String);
      count += 1;
      if (answer !== 'answered') refusals.push(`${path}: ${answer}`);
    }
    await sleep(PAUSE_MS);
  }
  return { count, refusals };
}

/** What kept it from being answered, in the words of the problem. */
async function describe(response: Response): Promise<string> {
  const text = await response.text();
  return response.status === 200 ? 'answered' : `${response.status} ${text}`;
}
