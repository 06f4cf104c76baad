// What spans are made of what goes out and of what is handled, by the real SDK, on a broker in memory.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { z } from 'zod';
import { linksOf, recordSpans, traceparentOf, type Spans } from '../../test/support/spans.ts';
import { startBatchConsumption } from '../consume/batch-consumption.ts';
import type { Handler, HandlerContext } from '../consume/consumption-options.ts';
import { startConsumption } from '../consume/consumption.ts';
import { encodeMessage, type OutgoingMessage } from '../contract/encode.ts';
import type { Cause } from '../contract/cause.ts';
import { event } from '../contract/message-type.ts';
import { Reject } from '../errors.ts';
import { createMemoryBackend } from '../memory/memory-backend.ts';
import { VirtualTime } from '../memory/virtual-time.ts';
import { eventPipeline } from '../router/event-pipeline.ts';
import { startMessageServer } from '../router/message-server.ts';
import { createMessageTracing } from './message-tracing.ts';

const Sample = event('Sample', {
  version: 1,
  subject: 'test.{id}.made',
  address: ({ id }) => ({ id }),
  key: ({ id }) => id,
  schema: z.object({ id: z.string(), secret: z.string().optional() }),
  example: { id: 'a' },
});
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const source = { instance: 'test', replica: 'test-1' };
const group = { stream: 'events', consumer: 'group' };
const CREATED = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const CREATED_LINK = '0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331';

const sample = (id: string, cause: Partial<Cause> = {}): OutgoingMessage =>
  encodeMessage(Sample.of({ id, secret: 'hunter2' }), {
    id,
    createdAt: new Date(0),
    source,
    cause: { correlationId: 'c', ...cause },
  });

let spans: Spans;
beforeAll(() => {
  spans = recordSpans();
});
afterAll(() => spans.close());

const running: { consumption: { stop(how: { withinMs: number }): Promise<void> }; time: VirtualTime }[] = [];
afterEach(async () => {
  for (const { consumption, time } of running.splice(0)) {
    const stopped = consumption.stop({ withinMs: 1_000 });
    await time.advance(2_000);
    await stopped;
  }
  spans.clear();
});

function openStation() {
  const time = new VirtualTime(new Date(0));
  const memory = createMemoryBackend({ time });
  const stream = memory.addStream('events', ['test.>']);
  memory.addStream('dead-letter', ['dead-letter.>']);
  memory.addConsumer('events', 'group');
  const tracing = createMessageTracing(spans.tracer, [Sample]);
  return { time, stream, tracing, backend: tracing.backend(memory) };
}

function consume({ backend, tracing, time }: ReturnType<typeof openStation>, handler: Handler): void {
  const traced = tracing.handler(group, handler);
  const options = { ...group, types: [Sample], handler: traced, source, log, time, random: () => 0.5 };
  running.push({ consumption: startConsumption(backend, options), time });
}

describe('a publish', () => {
  test('X1: of a message that has a trace context keeps it, and links to it from a trace of its own', async () => {
    const { backend, stream } = openStation();
    await backend.publisher.publish(sample('a', { traceparent: CREATED, tracestate: 'vendor=1' }));
    expect(stream.from(0)[0]?.headers).toMatchObject({ traceparent: CREATED, tracestate: 'vendor=1' });
    const span = spans.one('publish test.{id}.made');
    expect(span.kind).toBe(SpanKind.CLIENT);
    expect(span.parentSpanContext).toBeUndefined();
    expect(span.spanContext().traceId).not.toBe(CREATED.slice(3, 35));
    expect(linksOf(span)).toEqual([CREATED_LINK]);
  });

  test('X1: within a request of somebody else is still no part of that', async () => {
    const { backend } = openStation();
    const somebody = spans.tracer.startSpan('somebody');
    await context.with(trace.setSpan(ROOT_CONTEXT, somebody), () =>
      backend.publisher.publish(sample('a', { traceparent: CREATED })),
    );
    expect(spans.one('publish test.{id}.made').parentSpanContext).toBeUndefined();
  });

  test('X2: of a message that has none gives it that of its span, which belongs to what is going on', async () => {
    const { backend, stream } = openStation();
    const request = spans.tracer.startSpan('request');
    const message = sample('a');
    const { headers } = message;
    await context.with(trace.setSpan(ROOT_CONTEXT, request), () => backend.publisher.publish(message));
    const span = spans.one('publish test.{id}.made');
    expect(span.kind).toBe(SpanKind.PRODUCER);
    expect(span.parentSpanContext?.spanId).toBe(request.spanContext().spanId);
    expect(stream.from(0)[0]?.headers['traceparent']).toBe(traceparentOf(span));
    expect(headers['traceparent']).toBeUndefined();
  });

  test('X5: says what the conventions ask for, and nothing of what is in the message', async () => {
    const { backend } = openStation();
    await backend.publisher.publish(sample('a'));
    const { attributes } = spans.one('publish test.{id}.made');
    expect(attributes).toEqual({
      'messaging.system': 'nats',
      'messaging.operation.name': 'publish',
      'messaging.operation.type': 'send',
      'messaging.destination.name': 'test.a.made',
      'messaging.destination.template': 'test.{id}.made',
      'messaging.message.id': 'a',
      'messaging.message.conversation_id': 'c',
    });
  });

  test('that fails says how, by a name', async () => {
    const { backend } = openStation();
    const nowhere = { ...sample('a'), payload: new Uint8Array(2_000_000) };
    await expect(backend.publisher.publish(nowhere)).rejects.toMatchObject({ code: 'refused' });
    const span = spans.one('publish test.{id}.made');
    expect(span.attributes['error.type']).toBe('refused');
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR });
  });

  test('of what no contract knows has a name of few', async () => {
    const { backend } = openStation();
    await backend.publisher.publish({ ...sample('a'), subject: 'test.x.y.z', headers: {} });
    expect(spans.all().map(({ name }) => name)).toEqual(['publish _OTHER']);
  });
});

describe('a handler', () => {
  test('X3: runs in a child of the span that created its message, links to it, and passes its own on', async () => {
    const station = openStation();
    const seen: { cause?: Cause; active?: string | undefined } = {};
    consume(station, async (_message, { cause }: HandlerContext) => {
      await Promise.resolve();
      Object.assign(seen, { cause, active: trace.getActiveSpan()?.spanContext().spanId });
      await station.backend.publisher.publish(sample('b', cause));
    });
    await station.backend.publisher.publish({ ...sample('a', { traceparent: CREATED }) });
    await station.time.advance(10);
    const [first] = spans.all().filter(({ name }) => name === 'process test.{id}.made');
    if (first === undefined) throw new Error('no handler had a span');
    expect(first.kind).toBe(SpanKind.CONSUMER);
    expect(first.parentSpanContext?.spanId).toBe(CREATED.slice(36, 52));
    expect(linksOf(first)).toEqual([CREATED_LINK]);
    expect(first.attributes).toMatchObject({
      'messaging.operation.type': 'process',
      'messaging.consumer.group.name': 'group',
      'messaging.message.id': 'a',
    });
    const caused = spans
      .all()
      .find(({ parentSpanContext }) => parentSpanContext?.spanId === first.spanContext().spanId);
    expect(caused?.attributes['messaging.message.id']).toBe('b');
  });

  test('X3, X5: has a span for each try, and its failures are names without a text', async () => {
    const station = openStation();
    let tries = 0;
    consume(station, async () => {
      tries += 1;
      if (tries === 1) throw new TypeError('hunter2');
      throw new Reject('hunter2');
    });
    await station.backend.publisher.publish(sample('a', { traceparent: CREATED }));
    await station.time.advance(60_000);
    const handled = spans.all().filter(({ name }) => name.startsWith('process'));
    expect(handled.map(({ attributes }) => attributes['error.type'])).toEqual(['TypeError', 'Reject']);
    const everything = spans
      .all()
      .map(({ attributes, status, events, links }) => ({ attributes, status, events, links }));
    expect(JSON.stringify(everything)).not.toContain('hunter2');
    expect(linksOf(spans.one('publish dead-letter.{stream}.{group}'))).toEqual([CREATED_LINK]);
  });

  test('X3: in a pipeline is traced by a middleware', async () => {
    const { backend, tracing, time } = openStation();
    const causes: (string | undefined)[] = [];
    const routes = [
      eventPipeline()
        .use(tracing.middleware)
        .on(Sample, (_event, { cause }) => void causes.push(cause.traceparent)),
    ];
    const { stream, consumer } = group;
    const queues = [{ stream, consumer, routes }];
    const server = startMessageServer(backend, { queues, source, log, time, random: () => 0.5 });
    running.push({ consumption: server, time });
    await backend.publisher.publish(sample('a', { traceparent: CREATED }));
    await time.advance(10);
    const span = spans.one('process test.{id}.made');
    expect(span.parentSpanContext?.spanId).toBe(CREATED.slice(36, 52));
    expect(span.attributes['messaging.consumer.group.name']).toBe('group');
    expect(causes).toEqual([traceparentOf(span)]);
  });

  test('X4: of a batch has one span, which links to what created each message', async () => {
    const { backend, tracing, time } = openStation();
    const ids: string[] = [];
    const handler = tracing.batchHandler(
      group,
      async (messages) => void ids.push(...messages.map((one) => one.subject)),
    );
    await backend.publisher.publish(sample('a', { traceparent: CREATED }));
    await backend.publisher.publish({ ...sample('b', { traceparent: CREATED }), headers: {} });
    spans.clear();
    running.push({
      consumption: startBatchConsumption(backend, { ...group, handler, log, time, random: () => 0.5 }),
      time,
    });
    await time.advance(10);
    expect(ids).toEqual(['test.a.made', 'test.b.made']);
    const found = spans.all();
    expect(
      found.every(({ name, parentSpanContext }) => name === 'process events' && parentSpanContext === undefined),
    ).toBe(true);
    expect(found.flatMap(linksOf)).toContain(CREATED_LINK);
    expect(found.flatMap(({ links }) => links.map(({ attributes }) => attributes))).toContainEqual({
      'messaging.message.id': 'a',
      'messaging.destination.name': 'test.a.made',
    });
    const counted = found.map(({ attributes }) => attributes['messaging.batch.message_count']);
    expect(counted.reduce((sum: number, count) => sum + Number(count), 0)).toBe(2);
  });
});

test('without an SDK nothing is made up, and what a message carries stays', async () => {
  const time = new VirtualTime(new Date(0));
  const memory = createMemoryBackend({ time });
  const stream = memory.addStream('events', ['test.>']);
  const { publisher } = createMessageTracing(trace.getTracer('none'), [Sample]).backend(memory);
  await publisher.publish(sample('a'));
  await publisher.publish(sample('b', { traceparent: CREATED }));
  expect(stream.from(0).map(({ headers }) => headers['traceparent'])).toEqual([undefined, CREATED]);
});
