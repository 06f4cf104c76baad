// nginx with the nchan module, in C, when both are installed (Debian: libnginx-mod-nchan).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@longwave/embedded';
import { temporaryFolder, until } from '@longwave/embedded/testing';
import { FRAME_BYTES, payloadOf, type Contender } from './contender.ts';

const NGINX = '/usr/sbin/nginx';
const MODULES = '/usr/lib/nginx/modules';

const configuration = (folder: string, port: number): string => `
load_module ${MODULES}/ngx_nchan_module.so;
user ${process.getuid?.() === 0 ? 'root' : 'nobody'};
daemon off; worker_processes 1; worker_rlimit_nofile 20000; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 19900; }
http {
  access_log off; client_body_temp_path ${folder}/a; proxy_temp_path ${folder}/b;
  fastcgi_temp_path ${folder}/c; uwsgi_temp_path ${folder}/d; scgi_temp_path ${folder}/e;
  nchan_shared_memory_size 256M;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /publish { nchan_publisher; nchan_channel_id bench; nchan_message_buffer_length 10; }
    location = /events { nchan_subscriber eventsource; nchan_channel_id bench; nchan_subscriber_first_message newest; }
  }
}`;

/** Null when it is not installed. */
export async function startNchan(): Promise<Contender | null> {
  const isInstalled = await Promise.all([access(NGINX), access(`${MODULES}/ngx_nchan_module.so`)]).then(
    () => true,
    () => false,
  );
  if (!isInstalled) return null;
  const folder = await temporaryFolder();
  const port = await freePort();
  await writeFile(join(folder.path, 'nginx.conf'), configuration(folder.path, port));
  const child = spawn(NGINX, ['-c', join(folder.path, 'nginx.conf')], { stdio: 'ignore' });
  const address = `http://127.0.0.1:${port}/publish`;
  await until('nginx answers', () => fetch(address).then(Boolean, () => false));
  return {
    name: 'nchan',
    pids: await childrenOf(child.pid ?? -1),
    port,
    path: '/events',
    publish: async () => {
      const response = await fetch(address, { method: 'POST', body: payloadOf(FRAME_BYTES - 30) });
      await response.text();
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      await folder.remove();
    },
  };
}

/** nginx's master does nothing for a client; its workers do. */
async function childrenOf(parent: number): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return pids.filter((_, index) => stats[index]?.split(') ')[1]?.split(' ')[1] === String(parent)).map(Number);
}
