// What the compiler knows of pipelines (S2). Nothing here runs but the declarations: each wrong one is marked as an error,
// and a mark that marks no error fails the check of types.
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { event, signal } from '../contract/message-type.ts';
import { request } from '../contract/targeted-type.ts';
import { systemTime } from '../time.ts';
import { cached } from './cached.ts';
import { effectOnce } from './effect-once.ts';
import { eventPipeline } from './event-pipeline.ts';
import type { Middleware } from './middleware.ts';
import { requestPipeline } from './request-pipeline.ts';

const MeterRead = event('MeterRead', {
  version: 1,
  subject: 'meter.{meter}.read',
  address: ({ meter }) => ({ meter }),
  key: ({ meter }) => meter,
  schema: z.object({ meter: z.string(), value: z.int() }),
  example: { meter: 'm1', value: 7 },
});
const MeterGone = signal('MeterGone', {
  version: 1,
  subject: 'meter.{meter}.gone',
  key: ({ meter }) => `meter/${meter}`,
  example: { meter: 'm1' },
});
const Echo = request('Echo', {
  version: 1,
  protocol: 'echo',
  timeoutMs: 1_000,
  input: z.object({ text: z.string() }),
  output: z.object({ text: z.string() }),
  example: { input: { text: 'a' }, output: { text: 'a' } },
});

const tenant: Middleware<{ readonly tenant: string }> = (_arrived, _context, next) => next({ tenant: 't1' });
const needsTenant: Middleware<{ readonly plan: number }, { readonly tenant: string }> = (_arrived, context, next) =>
  next({ plan: context.tenant.length });
const once = effectOnce<{ readonly rows: number }>((work) => work(async () => [], { rows: 1 }));
const cache = cached({ ttlMs: 1_000, time: systemTime });

test('S2: what the compiler takes, and what it does not', () => {
  const known = eventPipeline().use(tenant).use(needsTenant).use(once);
  known.on(MeterRead, ({ data, params }, context) => {
    const all: readonly [number, string, string, number, number] = [
      data.value,
      params.meter,
      context.tenant,
      context.plan,
      context.transaction.rows,
    ];
    return void all;
  });
  // @ts-expect-error: the subject has no such parameter
  known.on(MeterGone, ({ params }) => void params.device);
  // @ts-expect-error: nobody has added it
  eventPipeline().on(MeterRead, (_event, context) => void context.tenant);
  // @ts-expect-error: what it needs would come after it
  eventPipeline().use(needsTenant).use(tenant);
  // @ts-expect-error: an event has no answer to keep
  eventPipeline().use(cache);
  // @ts-expect-error: a request has no place in a stream that could be recorded
  requestPipeline().use(once);
  requestPipeline()
    .use(tenant)
    .use(cache)
    .serve(Echo, {}, ({ data }, context) => ({ text: data.text + context.tenant + String(context.expiresAt) }));
  // @ts-expect-error: it is no answer to that request
  const wrong = requestPipeline().serve(Echo, {}, () => ({ number: 7 }));
  expect(wrong.name).toBe('Echo');
});
