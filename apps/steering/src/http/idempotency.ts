// Idempotency-Key on POST (draft-ietf-httpapi-idempotency-key-header): a request that is sent again, because nobody
// knows what became of it, has one effect and gets the first answer again.
import type { Reply } from '@longwave/runtime';
import { z } from 'zod';
import { hashRequest } from '../domain/idempotency.ts';
import type { IdempotencyKeys } from '../store/idempotency-keys.ts';
import type { Transaction } from '../store/transactions.ts';

export const idempotencyKeyHeader = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, 'Invalid input: expected 1 to 128 visible ASCII characters')
  .optional()
  .meta({
    description:
      'A fresh value for each new request; sent again with the same body within 24 hours, it has no new effect',
    example: '0198c2f0-5c5e-7b7e-9d52-2f9a6a6a7c11',
  });

/** For the declarations of routes. */
export const replayedHeader = {
  'idempotency-replayed': '`true` when this is the kept answer to an earlier request with the same key',
} as const;

export type KeyedRequest = {
  readonly caller: string;
  readonly route: string;
  /** Undefined: every request is a new one. */
  readonly key: string | undefined;
  readonly body: unknown;
};

/** Throws KeyReusedError, and what `work` throws; then nothing is kept. */
export async function answerOnce(
  keys: IdempotencyKeys,
  transaction: Transaction,
  { key, body, ...request }: KeyedRequest,
  work: () => Promise<Reply>,
): Promise<Reply> {
  if (key === undefined) return work();
  const once = { ...request, key, requestHash: hashRequest(body) };
  const { answer, isReplayed } = await keys.once(transaction, once, async () => {
    const { status, headers = {}, body: answered } = await work();
    // As it will be on the wire.
    return { status, headers: { ...headers }, body: z.json().parse(answered) };
  });
  return isReplayed ? { ...answer, headers: { ...answer.headers, 'idempotency-replayed': 'true' } } : answer;
}
