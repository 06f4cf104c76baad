// Asks one service how it is and compares with the last time. Never fails: no answer is an answer.
import type { Station } from '../station.ts';
import { observe, readHealth, unreachable, type Health, type ObservedHealth } from './health.ts';

type HealthStation = Pick<Station, 'api' | 'queryClient' | 'now'>;

export async function lookAtHealth(
  { api, queryClient, now }: HealthStation,
  name: string,
  path: string,
  signal: AbortSignal,
): Promise<ObservedHealth> {
  const health = await ask(api, path, signal);
  return observe(queryClient.getQueryData<ObservedHealth>(['health', name]), health, now());
}

async function ask(api: HealthStation['api'], path: string, signal: AbortSignal): Promise<Health> {
  try {
    const { status, body } = await api.probe(path, signal);
    return readHealth(status, body);
  } catch (error) {
    if (signal.aborted) throw error;
    return unreachable('No answer');
  }
}
