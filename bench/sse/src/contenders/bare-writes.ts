// What the latency of the proxy is held against: NATS without JetStream, and one write for every client.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Broker } from '@longwave/streams/testing';
import { FRAME_BYTES, payloadOf, type Contender } from './contender.ts';

/** In no stream. */
const SUBJECT = 'bench.bare-writes';

export async function startBareWrites(broker: Broker): Promise<Contender> {
  const { NATS_HOST, NATS_PORT } = broker.settings;
  const child = fork(new URL('./bare-writes-server.ts', import.meta.url), [`${NATS_HOST}:${NATS_PORT}`, SUBJECT]);
  const [{ port }] = (await once(child, 'message')) as [{ readonly port: number }];
  return {
    name: 'bare writes',
    pids: child.pid === undefined ? [] : [child.pid],
    port,
    path: '/',
    // There is nobody to accept it.
    publish: async () => broker.plain.publish(SUBJECT, payloadOf(FRAME_BYTES - 'data: \n\n'.length)),
    stop: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
