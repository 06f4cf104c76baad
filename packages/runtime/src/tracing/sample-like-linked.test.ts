// Which spans are kept: those whose parent is, or that link to one that is, and else as chance has it.
import { describe, expect, test } from '@jest/globals';
import { ROOT_CONTEXT, SpanKind, trace, TraceFlags, type SpanContext } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace';
import { sampleLikeLinked } from './sample-like-linked.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const spanOf = (traceFlags: TraceFlags): SpanContext => ({
  traceId: TRACE_ID,
  spanId: 'b7ad6b7169203331',
  traceFlags,
  isRemote: true,
});
const kept = spanOf(TraceFlags.SAMPLED);
const dropped = spanOf(TraceFlags.NONE);

function isKept(
  ratio: number,
  about: { readonly parent?: SpanContext; readonly links?: readonly SpanContext[] },
): boolean {
  const { parent, links = [] } = about;
  const within = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
  const linked = links.map((context) => ({ context }));
  const { decision } = sampleLikeLinked(ratio).shouldSample(within, TRACE_ID, 'send', SpanKind.CLIENT, {}, linked);
  return decision === SamplingDecision.RECORD_AND_SAMPLED;
}

describe('a span', () => {
  test('with a parent is kept like that, whatever chance says and whatever it links to', () => {
    expect(isKept(0, { parent: kept, links: [dropped] })).toBe(true);
    expect(isKept(1, { parent: dropped, links: [kept] })).toBe(false);
  });

  test('that begins a trace because of others is kept if one of those is', () => {
    expect(isKept(0, { links: [dropped, kept] })).toBe(true);
    expect(isKept(1, { links: [dropped, dropped] })).toBe(false);
  });

  test('that begins by itself is kept as often as was asked for', () => {
    expect(isKept(1, {})).toBe(true);
    expect(isKept(0, {})).toBe(false);
  });
});
