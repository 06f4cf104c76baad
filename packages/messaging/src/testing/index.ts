// `@longwave/messaging/testing`: the conformance suite that every back-end passes, for those who write one.
export type { Abilities, BackendUnderTest, BrokerUnderTest, Capabilities, Capability } from './backend-under-test.ts';
export { describeBackend, type TestFramework } from './describe-backend.ts';
