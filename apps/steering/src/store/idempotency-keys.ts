// One effect for one Idempotency-Key. The key is claimed before the work and the answer written after it, in the same
// transaction as the work itself.
//
// I1  of two requests with one key the second waits for the first, then gets its answer; or, when the first failed,
//     does the work.
// I2  only what was done has an answer: a refused request leaves nothing, and may be mended and sent again.
// I3  the same key with another body is an error, not a new request.
// I4  a key is forgotten 24 hours later, in steps that hold nobody up.
import { z } from 'zod';
import type { PrismaClient } from '#prisma';
import { IDEMPOTENCY_KEPT_MS, KeyReusedError, type OnceRequest } from '../domain/idempotency.ts';
import type { Transaction } from './transactions.ts';

const answerSchema = z.object({ status: z.int(), headers: z.record(z.string(), z.string()), body: z.json() });

/** An answer as it was given: status, headers, and the JSON of the body. */
export type KeptAnswer = z.infer<typeof answerSchema>;

export type IdempotencyKeys = {
  /** Resolves with the kept answer of this request, or with that of `work`, which is then kept. Throws KeyReusedError. */
  once(
    transaction: Transaction,
    request: OnceRequest,
    work: () => Promise<KeptAnswer>,
  ): Promise<{ readonly answer: KeptAnswer; readonly isReplayed: boolean }>;
  /** Removes at most `countMax` expired keys; resolves with how many it were. */
  removeExpired(countMax: number): Promise<number>;
};

export function createIdempotencyKeys(prisma: PrismaClient, now: () => Date): IdempotencyKeys {
  return {
    once: async (transaction, request, work) => {
      if (!(await claim(transaction, request, now()))) {
        return { answer: await keptAnswer(transaction, request), isReplayed: true };
      }
      const answer = await work();
      await transaction.prisma.idempotencyKey.update({ where: primaryKey(request), data: { answer } });
      return { answer, isReplayed: false };
    },
    removeExpired: (countMax) => prisma.$executeRaw`
      DELETE FROM idempotency_key WHERE (caller, route, key) IN (
        SELECT caller, route, key FROM idempotency_key
        WHERE expires_at <= ${now().toISOString()}::timestamptz LIMIT ${countMax} FOR UPDATE SKIP LOCKED
      )`,
  };
}

/** (I1) The insert waits for a transaction that has inserted the same key. An expired claim is taken over. */
async function claim({ prisma }: Transaction, request: OnceRequest, time: Date): Promise<boolean> {
  const { caller, route, key, requestHash } = request;
  const expiresAt = new Date(time.getTime() + IDEMPOTENCY_KEPT_MS);
  const count = await prisma.$executeRaw`
    INSERT INTO idempotency_key AS kept (caller, route, key, request_hash, expires_at)
    VALUES (${caller}, ${route}, ${key}, ${requestHash}, ${expiresAt.toISOString()}::timestamptz)
    ON CONFLICT (caller, route, key) DO UPDATE
      SET request_hash = EXCLUDED.request_hash, expires_at = EXCLUDED.expires_at, answer = NULL
      WHERE kept.expires_at <= ${time.toISOString()}::timestamptz`;
  return count === 1;
}

/** The refused claim has locked the row, so it is still there. */
async function keptAnswer({ prisma }: Transaction, request: OnceRequest): Promise<KeptAnswer> {
  const kept = await prisma.idempotencyKey.findUniqueOrThrow({ where: primaryKey(request) });
  if (kept.requestHash !== request.requestHash) throw new KeyReusedError(); // (I3)
  return answerSchema.parse(kept.answer);
}

function primaryKey({ caller, route, key }: OnceRequest) {
  return { caller_route_key: { caller, route, key } };
}
