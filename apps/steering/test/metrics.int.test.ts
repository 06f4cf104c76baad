// What Prometheus reads of a steering after a change was told.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import { startStation, type Station } from './support/station.ts';

let station: Station;
beforeAll(async () => {
  station = await startStation();
});
afterAll(async () => station.close());

const readMetrics = async (): Promise<string> => (await fetch(`${station.service.address}/metrics`)).text();

test('messages that left the outbox are on /metrics, and so is what waits in it', async () => {
  for (const name of ['One', 'Two']) await station.call('POST', '/shows/', { name });
  await until('they have left', async () => /^messaging_outbox_relayed_rows_total\{.*\} 2$/m.test(await readMetrics()));
  const text = await readMetrics();
  const template = 'messaging_destination_template="resource.steering.show.{id}.created"';
  const sent = text.split('\n').filter((line) => line.startsWith('messaging_client_sent_messages_total'));
  expect(sent).toHaveLength(1);
  expect(sent[0]).toContain(template);
  expect(sent[0]).toMatch(/ 2$/);
  expect(text).toMatch(/^messaging_client_operation_duration_seconds_count\{.*\} 2$/m);
  expect(text).toMatch(/^messaging_pending_publishes\{.*\} 0$/m);
  expect(text).toMatch(/^messaging_outbox_rows\{.*\} 0$/m);
  expect(text).toMatch(/^messaging_outbox_oldest_age_seconds\{.*\} 0$/m);
});
