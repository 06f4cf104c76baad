// What Prometheus reads of a resolver after messages were handled.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import type { RunningService } from '@longwave/runtime';
import { packageMessage } from './support/fleet-messages.ts';
import { startStation, type Station } from './support/station.ts';

let station: Station;
let resolver: RunningService;

beforeAll(async () => {
  station = await startStation();
  resolver = await station.startReplica();
});

afterAll(() => station.close());

const readMetrics = async (): Promise<string> => (await fetch(`${resolver.address}/metrics`)).text();

test('handled messages and dead letters are on /metrics, by template and never by subject', async () => {
  const good = packageMessage('created', { name: 'engine', version: '1.0.0' });
  const bad = packageMessage('created', { name: 'broken', version: '1.0.0' });
  await station.broker.publish(good, { ...bad, payload: new TextEncoder().encode('{"version":1}') });
  await until('one is handled and one is a dead letter', async () => {
    const text = await readMetrics();
    return (
      /^messaging_process_duration_seconds_count\{.*outcome="done".*\} 1$/m.test(text) &&
      /^messaging_dead_letters_total\{.*\} 1$/m.test(text)
    );
  });
  const text = await readMetrics();
  expect(text).toMatch(/^messaging_client_consumed_messages_total\{.*\} 2$/m);
  expect(text).toMatch(
    /^messaging_client_sent_messages_total\{.*template="dead-letter\.\{stream\}\.\{group\}".*\} 1$/m,
  );
  expect(text).toMatch(/^messaging_held_messages\{.*messaging_consumer_group_name="resolver".*\} 0$/m);
  expect(text).not.toMatch(/^messaging_.*(?:engine|broken)/m);
});
