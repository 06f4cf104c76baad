// A good library of the same language, with a channel in memory and nothing behind it.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Contender } from './contender.ts';

export async function startBetterSse(): Promise<Contender> {
  const child = fork(new URL('./better-sse-server.ts', import.meta.url));
  const [{ port }] = (await once(child, 'message')) as [{ readonly port: number }];
  return {
    name: 'better-sse',
    pids: child.pid === undefined ? [] : [child.pid],
    port,
    path: '/',
    publish: async () => {
      const sent = once(child, 'message');
      child.send('publish');
      await sent;
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
