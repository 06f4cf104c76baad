// Replicas around one broker of the test's own, and the contracts they speak. Everything is closed with the stage.
import { quietLog } from '@longwave/embedded/testing';
import { notice, request } from '@longwave/messaging/contract';
import { startPeer, type Peer } from '@longwave/messaging/request';
import { systemTime, type LiveMessages, type Log } from '@longwave/messaging';
import { v7 } from 'uuid';
import { z } from 'zod';
import { startBroker, type Broker } from './broker.ts';

const asked = z.object({ value: z.int() });
const answered = z.object({ value: z.int(), by: z.string() });
const example = { input: { value: 1 }, output: { value: 2, by: 'adder-1' } };
const shape = { version: 1, protocol: 'sums', input: asked, output: answered, example };

/** Adds one. */
export const AddOne = request('AddOne', { ...shape, timeoutMs: 10_000 });
/** The same, and it may be asked twice. */
export const AddOneAgain = request('AddOneAgain', { ...shape, timeoutMs: 10_000, idempotent: true });
/** Another message of the same conversation, which nobody answers. */
export const SumChanged = notice('SumChanged', {
  version: 1,
  protocol: 'sums',
  timeoutMs: 0,
  schema: z.object({ sum: z.int() }),
  example: { sum: 7 },
});

export type Stage = {
  readonly broker: Broker;
  /** A replica with a connection of its own. */
  readonly peer: (
    instance: string,
    replica: string,
    options?: { readonly log?: Log; readonly inFlightMax?: number },
  ) => Peer;
  readonly close: () => Promise<void>;
};

export async function setStage(): Promise<Stage> {
  const broker = await startBroker();
  const { peer, stop } = peersOn(() => broker.backend());
  return {
    broker,
    peer,
    close: async () => {
      await stop();
      await broker.close();
    },
  };
}

type Company = Pick<Stage, 'peer'> & { readonly stop: () => Promise<void> };

/** Peers on back-ends of any kind; `connect` gives each one of its own. */
export function peersOn(connect: () => { readonly live: LiveMessages }): Company {
  const peers: Peer[] = [];
  return {
    peer: (instance, replica, { log = quietLog, inFlightMax } = {}) => {
      const peer = startPeer(connect(), {
        source: { instance, replica },
        time: systemTime,
        newId: () => v7(),
        log,
        ...(inFlightMax === undefined ? {} : { inFlightMax }),
      });
      peers.push(peer);
      return peer;
    },
    stop: async () => {
      await Promise.all(peers.map((peer) => peer.stop({ withinMs: 1_000 })));
    },
  };
}

/** Long enough for a busy machine, short enough for a test. */
export const READY = { withinMs: 10_000 };

/** Answers AddOne in the name of `by`. */
export function addsOne(by: string): (request: { readonly data: { readonly value: number } }) => {
  readonly value: number;
  readonly by: string;
} {
  return ({ data }) => ({ value: data.value + 1, by });
}
