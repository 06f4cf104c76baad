// `@longwave/streams`: the stream topology as data, and how a server is made to agree with it. See README.md.
export { applyTopology, planTopology, type TopologyTarget } from './apply-topology.ts';
export { checkDrift, type Drift } from './check-drift.ts';
export { describeChange } from './describe-change.ts';
export type { Difference } from './differences.ts';
export type { Change } from './plan.ts';
export type { ConsumerSettings, DurableConsumer, Stream, StreamSettings, Topology } from './settings.ts';
export { StreamsError, type StreamsErrorCode } from './streams-error.ts';
export { longwaveTopology, type TopologySize } from './topology.ts';
export { targetFromEnvironment } from './target-from-environment.ts';
