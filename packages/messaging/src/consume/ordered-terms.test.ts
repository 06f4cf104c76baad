// An ordered group that is lost and had again by the same replica, while one of its messages runs: on a virtual clock,
// with a back-end that has nothing but this.
import { expect, test } from '@jest/globals';
import { event } from '../contract/message-type.ts';
import { Unavailable } from '../errors.ts';
import { VirtualTime } from '../memory/virtual-time.ts';
import type { PullOptions } from '../ports.ts';
import { startConsumption } from './consumption.ts';
import type { ExclusiveBackend } from './pull-group.ts';
import { z } from 'zod';

const Sample = event('Sample', {
  version: 1,
  subject: 'test.{id}',
  address: ({ id }) => ({ id }),
  key: ({ id }) => id,
  schema: z.object({ id: z.string() }),
  example: { id: 'a' },
});
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const payload = new TextEncoder().encode(
  JSON.stringify({ version: 1, createdAt: '2026-01-01T00:00:00Z', data: { id: 'a' } }),
);
const stored = {
  stream: 'events',
  epoch: 1,
  sequence: 1,
  storedAt: new Date(0),
  subject: 'test.a',
  headers: {},
  payload,
};
/** So that a loop without a pause is a failure, and not a test that never ends. */
const TRIES_MAX = 1_000;

test('G3, G15: what fails while its group is taken over again waits before it is tried again', async () => {
  const time = new VirtualTime();
  const pulls: PullOptions[] = [];
  let isActive = true;
  const pull = (_stream: string, _consumer: string, options: PullOptions) => {
    pulls.push(options);
    return { isActive: () => isActive, stop: async () => undefined, release: async () => undefined };
  };
  // Nothing else of a back-end is asked for here.
  const backend = { exclusive: { pull }, flush: async () => undefined } as unknown as ExclusiveBackend;
  const running = Promise.withResolvers<void>();
  let tries = 0;
  const consumption = startConsumption(backend, {
    stream: 'events',
    consumer: 'group',
    ordered: true,
    types: [Sample],
    handler: async () => {
      tries += 1;
      await running.promise;
      if (tries < TRIES_MAX) throw new Unavailable('its database is away');
    },
    source: { instance: 'test', replica: 'test-1' },
    log,
    time,
    random: () => 0.5,
    retry: { attemptsMax: 3, delayMsMin: 1_000, delayMsMax: 1_000 },
  });
  const [{ onState, onDelivery } = { onState: () => undefined, onDelivery: () => undefined }] = pulls;
  onState({ state: 'pulling', ackWaitMs: 30_000 });
  const nothing = (): void => undefined;
  onDelivery({ stored, deliveryCount: 1, acknowledge: nothing, giveBack: nothing, terminate: nothing, renew: nothing });
  await time.advance(0);
  isActive = false;
  onState({ state: 'standby', reason: 'another replica may have the group' });
  isActive = true;
  onState({ state: 'standby', reason: 'it takes over what another replica had in hand' });
  running.resolve();
  await time.advance(2_900);
  expect(tries).toBeGreaterThan(1);
  expect(tries).toBeLessThan(6);
  await consumption.stop({ withinMs: 0 });
  expect(time.waiting).toBe(0);
});
