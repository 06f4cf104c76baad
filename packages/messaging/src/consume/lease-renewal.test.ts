// G4 on a clock of the test's own: how often leases are renewed, also when the consumer's ack wait makes no sense.
import { expect, test } from '@jest/globals';
import { VirtualTime } from '../memory/virtual-time.ts';
import { ackWaitMsOf, renewLeases } from './lease-renewal.ts';
import type { Delivery } from '../ports.ts';

async function renewals(ackWaitMs: number, withinMs: number): Promise<number> {
  const time = new VirtualTime();
  const stopping = new AbortController();
  let count = 0;
  // Nothing of a delivery but its renewal is looked at.
  const delivery = { renew: () => void count++ } as unknown as Delivery;
  const ended = renewLeases({ time, signal: stopping.signal, ackWaitMs: () => ackWaitMs, held: () => [delivery] });
  await time.advance(withinMs);
  stopping.abort();
  await ended;
  expect(time.waiting).toBe(0);
  return count;
}

test('G4: a lease is renewed three times per ack wait', async () => {
  await expect(renewals(30_000, 60_000)).resolves.toBe(6);
  await expect(renewals(300, 3_000)).resolves.toBe(30);
});

test('G4: an ack wait of nothing keeps the process no busier than fifty times a second', async () => {
  await expect(renewals(0, 1_000)).resolves.toBe(50);
});

test('G4: before the consumer has said its ack wait, a short one is assumed', () => {
  expect(ackWaitMsOf({ state: 'interrupted', reason: '' })).toBe(1_000);
  expect(ackWaitMsOf({ state: 'pulling', ackWaitMs: 5 })).toBe(5);
});
