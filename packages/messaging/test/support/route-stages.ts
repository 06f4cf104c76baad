// The two back-ends that routes are tried on, and the messages that come to them: a group sees those with its own name in
// the subject, so that tests do not meet.
import { systemTime, type ExclusiveBackend } from '@longwave/messaging';
import { event, signal } from '@longwave/messaging/contract';
import { createMemoryBackend } from '@longwave/messaging/memory';
import { z } from 'zod';
import { startBroker } from './broker.ts';

export const MeterRead = event('MeterRead', {
  version: 1,
  subject: 'test.{group}.meter.{meter}.read',
  address: ({ group, meter }) => ({ group, meter }),
  key: ({ meter }) => `meter/${meter}`,
  schema: z.object({ group: z.string(), meter: z.string(), value: z.int() }),
  example: { group: 'g', meter: 'm1', value: 7 },
});
export const MeterGone = signal('MeterGone', {
  version: 1,
  subject: 'test.{group}.meter.{meter}.gone',
  key: ({ meter }) => `meter/${meter}`,
  example: { group: 'g', meter: 'm1' },
});

export type RouteStage = {
  readonly backend: ExclusiveBackend;
  addConsumer(name: string): Promise<void>;
  deadLetters(name: string): Promise<readonly string[]>;
  close(): Promise<void>;
};

export async function openJetStream(): Promise<RouteStage> {
  const broker = await startBroker();
  return {
    backend: broker.backend(),
    addConsumer: (name) => broker.addConsumer(name, { filter: `test.${name}.>` }),
    deadLetters: async (name) => causesOf(await broker.contents('dead-letter'), name),
    close: () => broker.close(),
  };
}

export async function openMemory(): Promise<RouteStage> {
  const backend = createMemoryBackend({ time: systemTime });
  backend.addStream('events', ['test.>']);
  const letters = backend.addStream('dead-letter', ['dead-letter.>']);
  return {
    backend,
    addConsumer: async (name) => void backend.addConsumer('events', name, { filters: [`test.${name}.>`] }),
    deadLetters: async (name) => causesOf(letters.from(0), name),
    close: () => backend.close(),
  };
}

type Letter = { readonly subject: string; readonly headers: Readonly<Record<string, string>> };
function causesOf(letters: readonly Letter[], group: string): readonly string[] {
  return letters
    .filter(({ subject }) => subject === `dead-letter.events.${group}`)
    .map(({ headers }) => headers['lw-cause'] ?? '');
}
