// The headers of a message, in words. Who writes them is packages/messaging/src/contract/metadata.ts; a test holds the
// two together.
import type { WireSchema } from './wire-schema.ts';

export type DescribedHeader = {
  readonly name: string;
  readonly says: string;
  /** Whether every message of ours has it. One from outside needs none of them. */
  readonly always: boolean;
  readonly schema: WireSchema;
};

const text: WireSchema = { type: 'string' };
const uuid: WireSchema = { type: 'string', format: 'uuid' };
const instant: WireSchema = { type: 'string', format: 'date-time' };

export const describedHeaders: readonly DescribedHeader[] = [
  {
    name: 'Nats-Msg-Id',
    says: 'The id again: JetStream stores what has the same one once',
    always: true,
    schema: uuid,
  },
  { name: 'ce-specversion', says: 'CloudEvents 1.0', always: true, schema: { const: '1.0' } },
  {
    name: 'ce-id',
    says: 'The id of the message, a UUIDv7; consumers tell duplicates by it',
    always: true,
    schema: uuid,
  },
  {
    name: 'ce-source',
    says: 'Who sent it: `/<service>/<replica>`',
    always: true,
    schema: { type: 'string', pattern: '^/[^/]+/[^/]+$' },
  },
  { name: 'ce-type', says: 'What it is: `longwave.<type>.v<version>`', always: true, schema: text },
  { name: 'ce-time', says: 'When it was made: the same as `createdAt`', always: true, schema: instant },
  {
    name: 'ce-datacontenttype',
    says: 'What the payload is: `application/json`, unless its type says another',
    always: true,
    schema: text,
  },
  {
    name: 'ce-correlationid',
    says: 'One value for everything that follows from one request; the audit log finds by it',
    always: true,
    schema: text,
  },
  {
    name: 'ce-partitionkey',
    says: 'The entity it is about. Messages with the same key are in order, whatever their types',
    always: true,
    schema: text,
  },
  { name: 'ce-causationid', says: 'The id of the message that led to this one', always: false, schema: text },
  {
    name: 'ce-actor',
    says: 'Who acted: `user:<id>`, `device:<id>` or `service:<name>`',
    always: false,
    schema: text,
  },
  {
    name: 'ce-expirytime',
    says: 'After this it is not worth handling any more. Absent: never',
    always: false,
    schema: instant,
  },
  { name: 'traceparent', says: 'W3C trace context', always: false, schema: text },
  { name: 'tracestate', says: 'W3C trace context', always: false, schema: text },
];
