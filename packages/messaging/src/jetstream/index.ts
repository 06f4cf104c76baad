// `@longwave/messaging/jetstream`: the JetStream back-end.
export { connectJetStream, type JetStreamBackend } from './connect.ts';
export { consumingStream } from './consuming-stream.ts';
export { checkDurability, type Durability } from './durability.ts';
export type { Link, LinkListener } from './link.ts';
export { brokerTarget, natsSettings, type BrokerTarget, type NatsSettings } from './nats-settings.ts';
