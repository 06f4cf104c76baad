// `npm start` as its user meets it: what it prints can be pasted, what it starts it stops, and what was there stays.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from './support/until.ts';

const run = promisify(execFile);
const root = new URL('../..', import.meta.url).pathname;
const STOP_WITHIN_MS = 10_000;

type Started = { readonly child: ChildProcess; readonly printed: () => string; readonly url: () => string };

describe('npm start', () => {
  let state: string;
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    state = await mkdtemp(join(tmpdir(), 'longwave-start-'));
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await rm(state, { recursive: true, force: true, maxRetries: 5 });
  });

  const start = (environment: NodeJS.ProcessEnv = {}): Started => {
    const env = { ...process.env, LONGWAVE_STATE: state, PORT: '0', NATS_HOST: '', DATABASE_URL: '', ...environment };
    const child = spawn('npm', ['start'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    children.push(child);
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const url = (): string => /^Ready after [\d.]+ s: (http:\S+)\/$/m.exec(text)?.[1] ?? '';
    return { child, printed: () => text, url };
  };
  const untilReady = (started: Started): Promise<void> =>
    until('it is ready', () => {
      if (started.child.exitCode !== null) throw new Error(started.printed());
      return started.url() !== '';
    });
  /** Ctrl-C in a terminal: SIGINT to the whole process group. */
  const interrupt = async ({ child }: Started): Promise<number> => {
    const startedAt = performance.now();
    process.kill(-(child.pid ?? 0), 'SIGINT');
    if (child.exitCode === null) await once(child, 'exit');
    return performance.now() - startedAt;
  };
  const showNames = async (url: string): Promise<readonly string[]> => {
    const page = (await (await fetch(`${url}/steering/api/v1/shows/?limit=200`)).json()) as {
      items: { name: string }[];
    };
    return page.items.map(({ name }) => name);
  };

  /** A week of it: whatever the time is, there are gaps in a week. */
  const playout = async (url: string): Promise<readonly unknown[]> => {
    const weekMs = 7 * 24 * 60 * 60 * 1_000;
    const end = new Date(Date.now() + weekMs).toISOString();
    const response = await fetch(`${url}/steering/api/v1/program/playout/?end=${end}`);
    return (await response.json()) as readonly unknown[];
  };

  test('loads the demo station, and every curl line it prints, and the README has, works when pasted', async () => {
    const started = start();
    await untilReady(started);
    expect(await showNames(started.url())).toHaveLength(30);
    expect(await playout(started.url())).toEqual(
      expect.arrayContaining([expect.objectContaining({ timeslotId: null })]),
    );
    const lines = started
      .printed()
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.startsWith('curl'));
    const example = /```sh example\n([\s\S]*?)```/.exec(await readFile(`${root}README.md`, 'utf8'))?.[1] ?? '';
    const inReadme = example.split('\n').filter((line) => line.startsWith('curl'));
    expect(lines).toEqual(inReadme.map((line) => line.replaceAll('http://localhost:8080', started.url())));
    expect(lines.length).toBeGreaterThanOrEqual(5);
    for (const line of lines) {
      // The stream never ends by itself; that it opened is what counts.
      const endless = line.includes('/events?');
      const command = endless ? line.replace('curl -N', 'curl -sN --max-time 2') : `${line} --fail`;
      const { stdout } = await run('sh', ['-c', endless ? `${command} || test $? -eq 28` : command]);
      expect(stdout).not.toBe('');
    }
    const stoppedAfterMs = await interrupt(started);
    expect(stoppedAfterMs).toBeLessThan(STOP_WITHIN_MS);
    await expect(fetch(started.url())).rejects.toThrow('fetch failed');
  });

  test('keeps what was there: a second start has the show of the first, and loads the demo no second time', async () => {
    const started = start();
    await untilReady(started);
    const names = await showNames(started.url());
    expect(names).toHaveLength(31);
    expect(names.filter((name) => name === 'My first show')).toHaveLength(1);
    expect(new Set(names).size).toBe(names.length);
    await interrupt(started);
  });

  test('leaves nothing running when npm is killed', async () => {
    const started = start();
    await untilReady(started);
    started.child.kill('SIGKILL');
    await until('the gateway is gone', async () =>
      fetch(started.url()).then(
        () => false,
        () => true,
      ),
    );
    const { stdout } = await run('ps', ['-eo', 'args']);
    await until(
      'its servers are gone',
      async () => !(await run('ps', ['-eo', 'args'])).stdout.includes(state),
      20_000,
    ).catch(() => {
      throw new Error(
        stdout
          .split('\n')
          .filter((line) => line.includes(state))
          .join('\n'),
      );
    });
  });

  test('starts an empty station with LONGWAVE_DEMO=0', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'longwave-empty-'));
    const started = start({ LONGWAVE_DEMO: '0', LONGWAVE_STATE: empty });
    await untilReady(started);
    expect(await showNames(started.url())).toEqual([]);
    expect(await playout(started.url())).toEqual([]);
    await interrupt(started);
    await rm(empty, { recursive: true, force: true, maxRetries: 5 });
  });

  test('says in a sentence that its port is taken, and what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const started = start({ PORT: String(port) });
    await once(started.child, 'exit');
    expect(started.child.exitCode).not.toBe(0);
    expect(started.printed()).toContain(`Port ${port} is taken`);
    expect(started.printed()).not.toMatch(/^\s+at /m);
    other.close();
  });

  test('says in a sentence that nats-server is missing, and what to do', async () => {
    const started = start({ NATS_SERVER_BIN: '/nowhere/nats-server' });
    await once(started.child, 'exit');
    expect(started.child.exitCode).not.toBe(0);
    expect(started.printed()).toContain('NATS_SERVER_BIN');
    expect(started.printed()).not.toMatch(/^\s+at /m);
  });
});
