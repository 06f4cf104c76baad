// `@longwave/messaging/testing`: the conformance suite that every back-end passes, and the gate in front of contracts that
// no longer read what was sent.
export type { Abilities, BackendUnderTest, BrokerUnderTest, Capabilities, Capability } from './backend-under-test.ts';
export { describeBackend, type TestFramework } from './describe-backend.ts';
export { IncompatibleContractError, readRecorded, recordedMessage, type RecordedMessage } from './recorded-message.ts';
