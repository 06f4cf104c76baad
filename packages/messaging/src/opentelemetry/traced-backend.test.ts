// A back-end in spans is still one: it keeps every promise that the one inside keeps. The trace context that it gives to
// messages without one (X2) is taken off again below it, because the suite asks for messages as they were sent.
import { afterAll, describe, test } from '@jest/globals';
import { memoryCapabilities, openMemory } from '../../test/support/memory-under-test.ts';
import { recordSpans } from '../../test/support/spans.ts';
import type { MemoryReplica } from '../memory/memory-backend.ts';
import { describeBackend } from '../testing/describe-backend.ts';
import { createMessageTracing } from './message-tracing.ts';

const spans = recordSpans();
afterAll(() => spans.close());
const tracing = createMessageTracing(spans.tracer, []);

const withoutTraces = (replica: MemoryReplica): MemoryReplica => ({
  ...replica,
  publisher: {
    ...replica.publisher,
    publish: (message, options) => {
      const { traceparent: _traceparent, ...headers } = message.headers;
      return replica.publisher.publish({ ...message, headers }, options);
    },
  },
});

describeBackend({ describe, test }, 'the broker in memory, traced', {
  capabilities: memoryCapabilities,
  open: () => openMemory((replica) => tracing.backend(withoutTraces(replica))),
});
