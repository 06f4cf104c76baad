// Messages as they are sent today, recorded once for each version of each type, so that the contracts of tomorrow can
// be tried on them (packages/contracts/src/compatibility.test.ts). A recording is never written again: what was sent
// stays as it was sent.
import type { ExampleMessage, MessageCard } from './message-card.ts';
import { asSchema, type WireSchema } from './wire-schema.ts';

export type Recording = {
  /** From the root of the repository. */
  readonly path: string;
  readonly message: {
    readonly subject: string;
    readonly key: string;
    readonly headers: Readonly<Record<string, string>>;
    /** The example, and, of JSON, what remains of it without what may be absent. */
    readonly payloads: readonly ExampleMessage['payload'][];
  };
};

export function recordingOf({ id, type, schema, example }: MessageCard): Recording {
  const { subject, key, headers, payload } = example;
  const least =
    schema === undefined || 'base64' in payload ? payload : { ...payload, data: leastOf(schema, payload.data) };
  const differs = JSON.stringify(least) !== JSON.stringify(payload);
  return {
    path: `packages/contracts/fixtures/${id}.v${type.version}.json`,
    message: { subject, key, headers, payloads: differs ? [payload, least] : [payload] },
  };
}

/** `value` without the properties that its schema does not require. */
export function leastOf(schema: WireSchema, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => leastOf(asSchema(schema.items), item));
  const { properties, required = [] } = schema;
  if (properties === undefined || typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => required.includes(name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, leastOf(asSchema(properties[name]), inner)]));
}
