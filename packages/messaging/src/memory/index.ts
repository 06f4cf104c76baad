// `@longwave/messaging/memory`: a broker in memory for tests, with a virtual clock and seeded faults.
export { seededFaults, seededRandom, type FaultChances, type Faults } from './faults.ts';
export { createMemoryBackend, type MemoryBackend, type MemoryReplica } from './memory-backend.ts';
export type { MemoryConsumer, MemoryConsumerConfig } from './memory-consumer.ts';
export type { MemoryStream } from './memory-stream.ts';
export { VirtualTime } from './virtual-time.ts';
