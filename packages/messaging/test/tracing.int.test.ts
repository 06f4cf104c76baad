// Spans across processes: requests and what passes by, between replicas with connections of their own (X6), and rows of
// an outbox that a relay sends long after who wrote them (X1).
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { quietLog } from '@longwave/embedded/testing';
import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { systemTime } from '@longwave/messaging';
import { event } from '@longwave/messaging/contract';
import { traceMessages, type PeerLike } from '@longwave/messaging/opentelemetry';
import { startOutboxRelay, writeToOutbox } from '@longwave/messaging/outbox';
import { Answer, Refusal } from '@longwave/messaging/request';
import { v7 } from 'uuid';
import { z } from 'zod';
import { createDatabase } from './support/database.ts';
import { AddOne, READY, setStage, SumChanged, type Stage } from './support/peers.ts';
import { Reading, testSource } from './support/reading.ts';
import { linksOf, recordSpans, traceparentOf, type Spans } from './support/spans.ts';
import { until } from './support/until.ts';

const SERVED = 'longwave.v1.service.{instance}.sums.AddOne';
const TOLD = 'longwave.v1.replica.{replica}.sums.SumChanged';
const MeterAdded = event('MeterAdded', {
  version: 1,
  subject: 'longwave.v1.events.metering.meter.lifecycle.added.{meter}',
  address: ({ meter }) => ({ meter }),
  key: ({ meter }) => `meter/${meter}`,
  schema: z.object({ meter: z.string() }),
  example: { meter: 'm1' },
});

let stage: Stage;
let spans: Spans;

beforeAll(async () => {
  spans = recordSpans();
  stage = await setStage();
});
afterEach(() => spans.clear());
afterAll(async () => {
  await stage.close();
  await spans.close();
});

const traced = async (instance: string, replica: string): Promise<PeerLike> =>
  (await traceMessages(spans.tracer, [MeterAdded])).peer(stage.peer(instance, replica));
const ended = (count: number): Promise<void> => until(`${count} spans have ended`, () => spans.all().length >= count);

test('X6: a request is one trace: its caller, its handler, and what that says while it answers', async () => {
  const [asker, server] = [await traced('asker', 'asker-1'), await traced('x6', 'x6-1')];
  asker.serve(SumChanged, {}, () => undefined);
  server.serve(AddOne, {}, async ({ data }, { reply }) => {
    await reply(SumChanged, { sum: 7 });
    return new Answer({ value: data.value + 1, by: 'x6-1' }, 201);
  });
  await Promise.all([asker.ready(READY), server.ready(READY)]);
  const root = spans.tracer.startSpan('root');
  const answer = await context.with(trace.setSpan(ROOT_CONTEXT, root), () =>
    asker.call(AddOne, { value: 1 }, { to: { instance: 'x6' } }),
  );
  expect(answer.value).toBe(2);
  await ended(4);
  const [call, handled, told] = [`request ${SERVED}`, `process ${SERVED}`, `publish ${TOLD}`].map((name) =>
    spans.one(name),
  );
  const heard = spans.one('process longwave.v1.service.{instance}.sums.SumChanged');
  expect([call?.kind, handled?.kind, told?.kind, heard.kind]).toEqual([
    SpanKind.CLIENT,
    SpanKind.SERVER,
    SpanKind.PRODUCER,
    SpanKind.SERVER,
  ]);
  expect(call?.parentSpanContext?.spanId).toBe(root.spanContext().spanId);
  expect(handled?.parentSpanContext?.spanId).toBe(call?.spanContext().spanId);
  expect(told?.parentSpanContext?.spanId).toBe(handled?.spanContext().spanId);
  expect(heard.parentSpanContext?.spanId).toBe(told?.spanContext().spanId);
  expect(new Set(spans.all().map((span) => span.spanContext().traceId)).size).toBe(1);
  expect([call, handled].map((span) => span?.attributes['longwave.reply.status'])).toEqual([201, 201]);
});

test('X6: a refusal is a failure of the call, and of who refused only when it was at fault', async () => {
  const [asker, server] = [await traced('refused', 'refused-1'), await traced('x6r', 'x6r-1')];
  server.serve(AddOne, {}, ({ data }) => {
    throw new Refusal(data.value, 'no');
  });
  await Promise.all([asker.ready(READY), server.ready(READY)]);
  for (const status of [422, 507]) {
    spans.clear();
    await expect(asker.call(AddOne, { value: status }, { to: { instance: 'x6r' } })).rejects.toMatchObject({ status });
    await ended(2);
    const [call, handled] = [spans.one(`request ${SERVED}`), spans.one(`process ${SERVED}`)];
    expect(call.attributes['error.type']).toBe(String(status));
    expect(call.status.code).toBe(SpanStatusCode.ERROR);
    expect(handled.attributes['longwave.reply.status']).toBe(status);
    expect(handled.status.code).toBe(status === 422 ? SpanStatusCode.UNSET : SpanStatusCode.ERROR);
  }
  spans.clear();
  await expect(asker.call(AddOne, { value: 1 }, { to: { instance: 'nobody' } })).rejects.toMatchObject({
    code: 'no-responders',
  });
  expect(spans.one(`request ${SERVED}`).attributes['error.type']).toBe('no-responders');
});

test('X6: a broadcast is a parent of what hears it, in each replica', async () => {
  const [teller, listener] = [await traced('teller', 'teller-1'), await traced('listener', 'listener-1')];
  listener.listen(MeterAdded, { group: 'fan-out' }, () => undefined);
  await listener.ready(READY);
  await teller.broadcast(MeterAdded.of({ meter: 'm1' }));
  await ended(2);
  const [told, heard] = [`publish ${MeterAdded.subject.text}`, `process ${MeterAdded.subject.text}`].map((name) =>
    spans.one(name),
  );
  expect(heard?.parentSpanContext?.spanId).toBe(told?.spanContext().spanId);
});

test('X7: without a tracer everything is what it was', async () => {
  const tracing = await traceMessages(undefined, [Reading]);
  const [backend, peer] = [stage.broker.backend(), stage.peer('x7', 'x7-1')];
  const handle = async (): Promise<void> => undefined;
  expect(tracing.backend(backend)).toBe(backend);
  expect(tracing.peer(peer)).toBe(peer);
  expect(tracing.handler({ stream: 'events', consumer: 'x7' }, handle)).toBe(handle);
  expect(tracing.batchHandler({ stream: 'events', consumer: 'x7' }, handle)).toBe(handle);
});

test('X1: a row of the outbox reaches the stream with the trace of the transaction, which the relay links to', async () => {
  const database = await createDatabase();
  const writer = spans.tracer.startSpan('writer');
  const { traceId, spanId } = writer.spanContext();
  const cause = { correlationId: 'c', traceparent: `00-${traceId}-${spanId}-01` };
  const execute = (sql: string, ...values: unknown[]) => database.pool.query(sql, values);
  const outbox = { source: testSource, now: () => new Date(), newId: () => v7() };
  await writeToOutbox(execute, outbox, cause, [Reading.of({ meter: 'x1', value: 1 })]);
  const backend = (await traceMessages(spans.tracer, [Reading])).backend(stage.broker.backend());
  const somebodyElse = spans.tracer.startSpan('somebody else');
  const relay = context.with(trace.setSpan(ROOT_CONTEXT, somebodyElse), () =>
    startOutboxRelay({
      databaseUrl: database.url,
      publisher: backend.publisher,
      nudges: { send: () => undefined, listen: () => () => undefined },
      log: quietLog,
      time: systemTime,
    }),
  );
  await ended(1);
  await relay.stop();
  await database.drop();
  const sent = spans.one('publish test.meter.{meter}.read');
  expect(sent.parentSpanContext).toBeUndefined();
  expect(linksOf(sent)).toEqual([`${traceId}-${spanId}`]);
  const [stored] = await stage.broker.contents('events');
  expect(stored?.headers['traceparent']).toBe(cause.traceparent);
  expect(stored?.headers['traceparent']).not.toBe(traceparentOf(sent));
});
