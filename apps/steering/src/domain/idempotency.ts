// What it means to send a request once: whose key it is, and what was asked with it.
import { createHash } from 'node:crypto';

/** A key counts per caller and route, and for this long. */
export const IDEMPOTENCY_KEPT_MS = 24 * 60 * 60 * 1_000;

/** One request of one caller that must have one effect. */
export type OnceRequest = {
  readonly caller: string;
  /** Method and route template. */
  readonly route: string;
  readonly key: string;
  readonly requestHash: string;
};

/** The key was used for something else. */
export class KeyReusedError extends Error {
  override readonly name = 'KeyReusedError';
  readonly code = 'idempotency-key-reused';

  constructor() {
    super('This Idempotency-Key was used with another body. Use a new key for a new request.');
  }
}

/** Equal for bodies that mean the same: they are compared as the schema has read them, with its order and defaults. */
export function hashRequest(body: unknown): string {
  return createHash('sha256').update(JSON.stringify(body)).digest('base64url');
}
