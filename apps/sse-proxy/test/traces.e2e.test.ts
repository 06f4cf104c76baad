// What a backend for traces gets of this service.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { once } from 'node:events';
import {
  forkService,
  startOtlpReceiver,
  until,
  type ForkedService,
  type OtlpReceiver,
} from '@longwave/embedded/testing';
import { headers } from '@nats-io/transport-node';
import { startBroker, type Broker } from './support/broker.ts';
import { EventClient } from './support/event-client.ts';

const [TRACE, SPAN] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
const CONSUMER = 5;

let broker: Broker;
let receiver: OtlpReceiver;
let service: ForkedService;
beforeAll(async () => {
  broker = await startBroker();
  receiver = await startOtlpReceiver();
  service = await forkService(new URL('../src/main.ts', import.meta.url), {
    NATS_HOST: broker.nats.host,
    NATS_PORT: String(broker.nats.port),
    NATS_DURABILITY: 'relaxed',
    PORT: '0',
    LOG_LEVEL: 'fatal',
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
  });
});
afterAll(async () => {
  if (service !== undefined) {
    const ended = once(service.process, 'exit');
    service.process.kill('SIGTERM');
    await ended;
  }
  await receiver?.close();
  await broker?.stop();
});

test('what a stream brings is a span, linked to what created it; of requests, all but streams of events are', async () => {
  const client = await EventClient.follow(service.address, ['resource.traced.*']);
  const carried = headers();
  carried.set('traceparent', `00-${TRACE}-${SPAN}-01`);
  await broker.js.publish('resource.traced.a', '{}', { headers: carried });
  await client.untilEvents(1);
  client.close();
  await fetch(`${service.address}/events/history?subject=resource.traced.*`);
  await fetch(`${service.address}/events`, { headers: { accept: 'text/event-stream' } });
  const named = (name: string) => receiver.spans().filter((span) => span.name === name);
  await until('the spans are there', () => {
    return ['process resource', 'GET /events/history', 'GET /events'].every((name) => named(name).length === 1);
  });
  expect(named('process resource')).toMatchObject([
    { service: 'sse-proxy', kind: CONSUMER, parentSpanId: '', links: [{ traceId: TRACE, spanId: SPAN }] },
  ]);
  // The one that was refused, because it names no subject.
  expect(named('GET /events')[0]?.attributes['http.response.status_code']).toBe(400);
});
