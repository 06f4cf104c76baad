// Which tracing headers are believed.
import { describe, expect, test } from '@jest/globals';
import { requestCauseOf } from './request-cause.ts';

const ids = { next: () => 'fresh' };
const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('a correlation id', () => {
  test.each(['a', 'studio/7#é'.slice(0, 9), 'x'.repeat(128)])('%j is taken over', (id) => {
    expect(requestCauseOf({ 'x-correlation-id': id }, ids).correlationId).toBe(id);
  });

  test.each([undefined, '', 'a b', 'é', 'a\tb', 'x'.repeat(129), 'one, two'])('%j is replaced by a fresh one', (id) => {
    expect(requestCauseOf(id === undefined ? {} : { 'x-correlation-id': id }, ids).correlationId).toBe('fresh');
  });
});

describe('a trace context', () => {
  test('is taken over', () => {
    expect(requestCauseOf({ traceparent, tracestate: 'a=1' }, ids)).toMatchObject({ traceparent, tracestate: 'a=1' });
  });

  test.each([
    'nonsense',
    traceparent.replace('00-', 'ff-'),
    traceparent.toUpperCase(),
    '00-00000000000000000000000000000000-00f067aa0ba902b7-01',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01',
  ])('%s is dropped, and its state with it', (invalid) => {
    expect(requestCauseOf({ traceparent: invalid, tracestate: 'a=1' }, ids)).toEqual({
      correlationId: 'fresh',
      actor: 'service:anonymous',
    });
  });

  test('loses a state that is too long, and keeps its parent', () => {
    const cause = requestCauseOf({ traceparent, tracestate: `a=${'x'.repeat(600)}` }, ids);
    expect(cause).toEqual({ correlationId: 'fresh', actor: 'service:anonymous', traceparent });
  });
});
