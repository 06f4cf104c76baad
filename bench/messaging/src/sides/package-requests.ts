// Asking and answering with the package: two replicas in this process, each with a connection of its own, so that the
// side's CPU is that of both ends, as it is of the raw side.
import { randomUUIDv7 } from 'node:crypto';
import { systemTime } from '@longwave/messaging';
import { connectJetStream } from '@longwave/messaging/jetstream';
import { type Peer, startPeer } from '@longwave/messaging/request';
import { inFlight } from '../in-flight.ts';
import { INSTANCE, meterReading } from '../meter-reading.ts';
import { IN_FLIGHT } from '../stream.ts';
import type { Addresses } from './addresses.ts';
import { cause } from './meter-read.ts';
import { quietLog } from './quiet-log.ts';
import { ReadMeter } from './read-meter.ts';

const READY_WITHIN_MS = 5_000;

/** Returns how to ask `count` times, 256 at once. */
export async function startRequests(addresses: Addresses): Promise<(count: number) => Promise<void>> {
  const server = peerOf(addresses, INSTANCE, 'bench-server');
  server.serve(ReadMeter, { concurrency: IN_FLIGHT }, ({ data }) => ({ meter: data.meter, value: 7 }));
  const caller = peerOf(addresses, 'bench-caller', 'bench-caller');
  await Promise.all([server, caller].map((peer) => peer.ready({ withinMs: READY_WITHIN_MS })));
  const ask = (index: number): Promise<unknown> =>
    caller.call(ReadMeter, { meter: meterReading(index).meter }, { to: { instance: INSTANCE }, cause });
  return (count) => inFlight(count, IN_FLIGHT, ask);
}

function peerOf({ host, port }: Addresses, instance: string, replica: string): Peer {
  const backend = connectJetStream({ host, port, name: replica, log: quietLog });
  return startPeer(backend, {
    source: { instance, replica },
    time: systemTime,
    newId: () => randomUUIDv7(),
    log: quietLog,
  });
}
