// One REST call, and the spans of everyone who hears of it, as a backend for traces gets them: from the gateway through
// request, outbox, broker and consumers. The sse-proxy reads without spans.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from '@longwave/embedded/testing';
import { startTestStation, type TestStation } from './support/test-station.ts';
import { until } from './support/until.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
/** A package is new: one message for each that may be told of it. */
const PUT = 'PUT /steering/api/v1/packages/:name/:version';
const [SERVER, CLIENT, CONSUMER] = [2, 3, 5];

let otlp: OtlpReceiver;
let station: TestStation;
let isStopped = false;

beforeAll(async () => {
  otlp = await startOtlpReceiver();
  station = await startTestStation({ OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url });
});
afterAll(async () => {
  if (!isStopped) await station.stop();
  await otlp.close();
});

const putPackage = (name: string, traceparent: string): Promise<Response> =>
  fetch(`${station.url}/steering/api/v1/packages/${name}/1.0.0`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', traceparent },
    body: JSON.stringify({ description: 'a secret that no span tells' }),
  });

async function untilSpans(
  what: string,
  wanted: (span: ReceivedSpan) => boolean,
  count = 1,
): Promise<readonly ReceivedSpan[]> {
  await until(what, () => otlp.spans().filter(wanted).length >= count);
  return otlp.spans().filter(wanted);
}
const linksTo = (span: ReceivedSpan, traceId: string): boolean => span.links.some((link) => link.traceId === traceId);

describe('a REST call', () => {
  test('is one trace from the request to the consumers that handle what it led to', async () => {
    const response = await putPackage('traced.package', `00-${TRACE_ID}-${CALLER}-01`);
    expect(response.status).toBe(201);

    const ofService = (name: string) => (span: ReceivedSpan) => span.traceId === TRACE_ID && span.service === name;
    const [entrance] = await untilSpans('the gateway', ofService('gateway'));
    expect(entrance).toMatchObject({ name: 'PUT /steering', kind: SERVER, parentSpanId: CALLER, hasFailed: false });
    const [request] = await untilSpans('the request', ofService('steering'));
    expect(request).toMatchObject({ name: PUT, kind: SERVER, parentSpanId: entrance?.spanId, hasFailed: false });
    const processed = await untilSpans('the resolver', ofService('resolver'));
    for (const span of processed) {
      expect(span).toMatchObject({
        kind: CONSUMER,
        parentSpanId: request?.spanId,
        links: [{ traceId: TRACE_ID, spanId: request?.spanId }],
        attributes: { 'messaging.consumer.group.name': 'resolver', 'messaging.operation.type': 'process' },
        hasFailed: false,
      });
      expect(span.name).toBe(`process ${String(span.attributes['messaging.destination.template'])}`);
      expect(span.name).toContain('{');
    }
  });

  test('is linked to by the relay that sent what it wrote, and by the batches of the audit log', async () => {
    const sent = await untilSpans('the relay', (span) => span.service === 'steering' && linksTo(span, TRACE_ID));
    expect(
      sent.every(({ kind, parentSpanId, traceId }) => kind === CLIENT && parentSpanId === '' && traceId !== TRACE_ID),
    ).toBe(true);
    expect(sent.every(({ name }) => name.startsWith('publish '))).toBe(true);
    const recorded = await untilSpans(
      'the audit log',
      (span) => span.service === 'audit-log' && linksTo(span, TRACE_ID),
    );
    expect(recorded.every(({ kind, name }) => kind === CONSUMER && name.startsWith('process '))).toBe(true);
    const ids = (spans: readonly ReceivedSpan[]): Set<unknown> =>
      new Set(
        spans.flatMap(({ attributes, links }) => [
          attributes['messaging.message.id'],
          ...links.map((link) => link.attributes['messaging.message.id']),
        ]),
      );
    for (const { attributes } of sent) expect(ids(recorded)).toContain(attributes['messaging.message.id']);
  });

  test('that its caller does not keep leaves no span anywhere', async () => {
    const dropped = '5bf92f3577b34da6a3ce929d0e0e4736';
    const kept = '6bf92f3577b34da6a3ce929d0e0e4736';
    await putPackage('dropped.package', `00-${dropped}-${CALLER}-00`);
    await putPackage('kept.package', `00-${kept}-${CALLER}-01`);
    await untilSpans('the later one', (span) => span.service === 'resolver' && span.traceId === kept);
    await untilSpans('the audit log of the later one', (span) => span.service === 'audit-log' && linksTo(span, kept));
    expect(otlp.spans().filter((span) => span.traceId === dropped)).toEqual([]);
    expect(otlp.spans().filter((span) => span.service === 'steering' && linksTo(span, dropped))).toEqual([]);
  });

  test('that was answered just before its service stops is exported nevertheless', async () => {
    const last = '7bf92f3577b34da6a3ce929d0e0e4736';
    expect((await putPackage('last.package', `00-${last}-${CALLER}-01`)).status).toBe(201);
    isStopped = true;
    await station.stop();
    expect(otlp.spans().filter(({ traceId, name }) => traceId === last && name === PUT)).toHaveLength(1);
  });

  test('tells nothing of what was said in it', () => {
    expect(JSON.stringify(otlp.spans())).not.toContain('secret');
  });
});
