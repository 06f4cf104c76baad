// What Prometheus reads of an audit log after messages were recorded.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import type { RunningService } from '@longwave/runtime';
import { message } from './support/messages.ts';
import { startStation, type Station } from './support/station.ts';

let station: Station;
let audit: RunningService;

beforeAll(async () => {
  station = await startStation();
  audit = await station.startReplica();
});

afterAll(() => station.close());

const readMetrics = async (): Promise<string> => (await fetch(`${audit.address}/metrics`)).text();

test('recorded batches and their messages are on /metrics, by stream', async () => {
  await station.broker.publish(message('resource.steering.show.1.created'), message('resource.nobody.knows.1.created'));
  const ofResource = 'messaging_stream="resource",messaging_consumer_group_name="audit-log"';
  await until('they are recorded', async () => {
    const text = await readMetrics();
    return (
      text.includes('outcome="done"') && text.includes(`messaging_held_messages{${ofResource},service="audit-log"} 0`)
    );
  });
  const consumed = (await readMetrics()).split('\n').filter((line) => line.startsWith('messaging_client_consumed'));
  const countOf = (line: string): number => Number(line.slice(line.lastIndexOf(' ')));
  expect(consumed.every((line) => line.includes(ofResource))).toBe(true);
  expect(consumed.reduce((sum, line) => sum + countOf(line), 0)).toBe(2);
  expect(consumed.some((line) => line.includes('messaging_destination_template="_OTHER"'))).toBe(true);
});
