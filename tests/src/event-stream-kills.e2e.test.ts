// The checker on the whole way from a publisher to a browser: gateway, proxy, nats and clients are killed at random
// moments, and no client may lose, repeat or reorder anything without being told. Two minutes here, an hour in the soak.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { check, type Fault, type Target } from '@longwave/sse-checker';
import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { startTestStation, type TestStation } from './support/test-station.ts';
import { until } from './support/until.ts';

const SOAK = process.env['LONGWAVE_SOAK'] === '1';
const DURATION_MS = SOAK ? 3_600_000 : 120_000;
/** Less than the minute after which the checker's clients give up a connection that says nothing: none may hang. */
const SETTLE_MS = 30_000;

let station: TestStation;
let connection: NatsConnection;
let publisher: JetStreamClient;
beforeAll(async () => {
  station = await startTestStation();
  const { host, port } = station.nats();
  connection = await connect({ servers: `${host}:${port}`, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  publisher = jetstream(connection, { timeout: 2_000 });
});
afterAll(async () => {
  await connection?.close();
  await station?.stop();
});

function target(): Target {
  return {
    url: `${station.url}/events?subject=resource.checker.*.>`,
    publish: async ({ channel, number }) => {
      const data = { channel, number };
      const payload = JSON.stringify({ version: 1, createdAt: new Date().toISOString(), data });
      const subject = `resource.checker.channel.${channel}.updated`;
      await publisher.publish(subject, payload, { msgID: `checker-${channel}-${number}` });
    },
    read: ({ type, data }) => (type === 'message' ? JSON.parse(data).message.data : null),
    faults: [killService('sse-proxy'), killService('gateway'), killNats],
  };
}

const killService = (name: 'sse-proxy' | 'gateway'): Fault => ({
  name: `kill -9 ${name}`,
  strike: async () => {
    await station.kill(name);
    await station.untilReady('sse-proxy');
  },
});
const killNats: Fault = {
  name: 'kill -9 nats-server',
  strike: async () => {
    const start = await station.killNats();
    await until('the proxy to notice', async () => {
      const response = await fetch(`${station.url}/sse-proxy/health/ready`).catch(() => null);
      return response?.status !== 200;
    });
    await start();
    await station.untilReady('sse-proxy');
  },
};

test(
  'whatever is killed, no client loses, repeats or reorders anything without being told',
  async () => {
    const seed = Number(process.env['LONGWAVE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
    const report: string[] = [`LONGWAVE_SEED=${seed}`];
    const verdict = await check(target(), {
      clients: 50,
      channels: 4,
      messagesPerSecond: 50,
      durationMs: DURATION_MS,
      seed,
      faultEveryMs: 2_500,
      settleWithinMs: SETTLE_MS,
      onProgress: (text) => report.push(text),
    });
    const { violations, gaps, refusals, ...counts } = verdict;
    process.stdout.write(`${report[0]} ${JSON.stringify(counts)} gaps ${gaps} refusals ${refusals.length}\n`);
    expect({ violations: violations.slice(0, 5), log: violations.length === 0 ? [] : report }).toEqual({
      violations: [],
      log: [],
    });
    // Nothing expires and nothing is purged here, so there is no reason for a gap.
    expect(gaps).toBe(0);
    expect(counts.delivered).toBeGreaterThan(counts.published);
    expect(Object.keys(counts.faults).length).toBeGreaterThan(2);
  },
  DURATION_MS + SETTLE_MS + 120_000,
);
