// `@longwave/streams/testing`: a broker with the real streams, for tests of the services.
export { startBroker, type Broker } from './start-broker.ts';
