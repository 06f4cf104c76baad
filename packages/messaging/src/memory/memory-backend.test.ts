// The conformance suite over the broker in memory.
import { describe, test } from '@jest/globals';
import { memoryCapabilities, openMemory } from '../../test/support/memory-under-test.ts';
import { describeBackend } from '../testing/describe-backend.ts';

describeBackend({ describe, test }, 'the broker in memory', {
  capabilities: memoryCapabilities,
  open: () => openMemory(),
});
