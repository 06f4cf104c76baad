// T2, T3: transactions that collide (deadlock, serialization failure), and what comes after the commit.
// The collisions are imitated by a trigger that raises Postgres' own error for as many attempts as a test wants; its
// count is a sequence, which no rollback takes back.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { quietLog } from '@longwave/embedded/testing';
import { showMessages } from '@longwave/contracts';
import { uuidIds } from '@longwave/runtime';
import { createTransactions } from '../src/store/transactions.ts';
import { openPrisma } from './support/open-prisma.ts';
import { startStation, type Station } from './support/station.ts';

let station: Station;
beforeAll(async () => {
  station = await startStation();
  await station.pool.query(`
    CREATE SEQUENCE attempts;
    CREATE TABLE collide (times int, code text);
    CREATE FUNCTION collide() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF nextval('attempts') <= (SELECT times FROM collide) THEN
          RAISE EXCEPTION 'collided' USING ERRCODE = (SELECT code FROM collide);
        END IF;
        RETURN NEW;
      END $$;
    CREATE TRIGGER collide BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION collide();
  `);
});
afterAll(async () => station.close());

async function collide(times: number, code: string): Promise<void> {
  await station.pool.query(`SELECT setval('attempts', 1, false)`);
  await station.pool.query('DELETE FROM collide');
  await station.pool.query('INSERT INTO collide VALUES ($1, $2)', [times, code]);
}

test.each(['40001', '40P01'])(
  'T2: after two collisions (%s) the third attempt is the only one there is',
  async (code) => {
    await collide(2, code);
    const before = (await station.messages('resource')).length;
    const made = await station.call('POST', '/shows/', { name: `Collided ${code}` }, { 'idempotency-key': code });
    expect(made).toMatchObject({ status: 201, body: { slug: `collided-${code.toLowerCase()}` } });
    expect((await station.messages('resource')).length).toBe(before + 1);
  },
);

test('T2: who collides every time is told to come back, and nothing was done', async () => {
  await collide(1_000, '40P01');
  const before = await station.rowCounts();
  const refused = await station.call('POST', '/shows/', { name: 'Unlucky' }, { 'idempotency-key': 'unlucky' });
  expect(refused).toMatchObject({ status: 503, body: { code: 'too-busy' } });
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect(await station.rowCounts()).toEqual(before);
});

test('T3: a relay that cannot be woken does not make a failure of what was committed, and the message leaves', async () => {
  await collide(0, '');
  const { prisma, close } = openPrisma(station.databaseUrl);
  const source = { instance: 'steering', replica: 'test' };
  const { run } = createTransactions({
    prisma,
    outbox: { source, now: () => new Date(), newId: () => uuidIds.next() },
    nudge: () => {
      throw new Error('nobody there');
    },
    log: quietLog,
  });
  const before = (await station.messages('resource')).length;
  const draft = showMessages.created.of({ id: 1, url: 'https://radio.example/' });
  const result = await run({ correlationId: 'c' }, async ({ tell }) => {
    tell(draft);
    return 'done';
  });
  expect(result).toBe('done');
  expect((await station.messages('resource')).length).toBe(before + 1);
  await close();
});
