// The contract of what is asked: how high is a meter? Answered at once, so that the way there and back is what is measured.
import { request } from '@longwave/messaging/contract';
import { z } from 'zod';
import { TIMEOUT_MS } from '../meter-reading.ts';

export const ReadMeter = request('ReadMeter', {
  version: 1,
  protocol: 'meters',
  input: z.object({ meter: z.string().min(1) }),
  output: z.object({ meter: z.string(), value: z.number() }),
  example: { input: { meter: 'meter-1' }, output: { meter: 'meter-1', value: 7 } },
  timeoutMs: TIMEOUT_MS,
});
