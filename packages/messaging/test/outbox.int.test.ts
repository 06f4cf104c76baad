// What the outbox promises (O1–O9), against a real Postgres and a real nats-server. The stream forgets message ids after
// a tenth of a second here, so that it is the relay, not the broker's deduplication, that is tested.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { quietLog } from '@longwave/embedded/testing';
import { systemTime, type Publisher } from '@longwave/messaging';
import type { Draft } from '@longwave/messaging/contract';
import { createNudges, startOutboxRelay, writeToOutbox, type OutboxRelay } from '@longwave/messaging/outbox';
import type { JetStreamBackend } from '@longwave/messaging/jetstream';
import type { PoolClient } from 'pg';
import { v7 } from 'uuid';
import { startBroker, type Broker } from './support/broker.ts';
import { createDatabase, type TestDatabase } from './support/database.ts';
import { losingAcknowledgements } from './support/faulty-publisher.ts';
import { Reading, testSource } from './support/reading.ts';
import { until } from './support/until.ts';

const DUPLICATE_WINDOW_NANOSECONDS = 100_000_000;

describe('the outbox', () => {
  let broker: Broker;
  let backend: JetStreamBackend;
  let database: TestDatabase;
  const relays: OutboxRelay[] = [];
  beforeAll(async () => {
    broker = await startBroker();
    const { config } = await broker.manager.streams.info('events');
    await broker.manager.streams.update('events', { ...config, duplicate_window: DUPLICATE_WINDOW_NANOSECONDS });
    backend = broker.backend();
  });
  beforeEach(async () => {
    database = await createDatabase();
    await broker.manager.streams.purge('events');
  });
  afterEach(async () => {
    await Promise.all(relays.splice(0).map((relay) => relay.stop()));
    await database.drop();
  });
  afterAll(async () => {
    await broker.close();
  });

  const startRelay = (publisher: Publisher = backend.publisher, using: JetStreamBackend = backend): OutboxRelay => {
    const nudges = createNudges(using.link, 'test', systemTime);
    const relay = startOutboxRelay({ databaseUrl: database.url, publisher, nudges, log: quietLog, time: systemTime });
    relays.push(relay);
    return relay;
  };
  const write = (client: PoolClient, drafts: readonly Draft[]): Promise<void> =>
    writeToOutbox(
      (sql, ...parameters) => client.query(sql, parameters),
      { source: testSource, now: () => new Date(), newId: () => v7() },
      { correlationId: 'because' },
      drafts,
    );
  /** Runs `work` in a transaction of its own, which commits unless `work` throws. */
  const transact = async (work: (client: PoolClient) => Promise<void>): Promise<void> => {
    const client = await database.pool.connect();
    try {
      await client.query('BEGIN');
      await work(client);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  };
  const commit = (...drafts: Draft[]): Promise<void> => transact((client) => write(client, drafts));
  const waiting = async (): Promise<number> =>
    (await database.pool.query<{ n: number }>('SELECT count(*)::int AS n FROM outbox')).rows[0]?.n ?? -1;
  const isEmpty = async (): Promise<boolean> => (await waiting()) === 0;
  const values = async (meter: string): Promise<number[]> =>
    (await broker.contents('events'))
      .filter(({ subject }) => subject === `test.meter.${meter}.read`)
      .map(({ payload }) => JSON.parse(Buffer.from(payload).toString()).data.value);
  const range = (count: number): number[] => Array.from({ length: count }, (_, value) => value);

  test('O1: what is rolled back was never said; what is committed is', async () => {
    startRelay();
    const failing = transact(async (client) => {
      await write(client, [Reading.of({ meter: 'phantom', value: 1 })]);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    await commit(Reading.of({ meter: 'real', value: 1 }));
    await until('it has left', isEmpty);
    expect(await values('phantom')).toEqual([]);
    expect(await values('real')).toEqual([1]);
  });

  test('O2: a message that is too large fails in the transaction that wanted it', async () => {
    const huge = { ...Reading.of({ meter: 'huge', value: 1 }), wireData: { text: 'x'.repeat(600_000) } };
    await expect(commit(huge)).rejects.toMatchObject({ code: 'payload-too-large' });
    await expect(waiting()).resolves.toBe(0);
  });

  test('O3, O4: a burst is one statement and leaves in its order', async () => {
    startRelay();
    await commit(...range(1_200).map((value) => Reading.of({ meter: 'burst', value })));
    await until('all have left', isEmpty);
    expect(await values('burst')).toEqual(range(1_200));
  });

  test('O5, O6: rows that were stored while others were deleted are not taken for rows that lie behind', async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const reached = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let published = 0;
    // Stops in the second hundred, which is one chain, and again where the third begins.
    const gated: Publisher = {
      lastIdOn: (subject) => backend.publisher.lastIdOn(subject),
      publish: async (message, options) => {
        const stop = [120, 200].indexOf(published);
        reached[stop]?.resolve();
        await gates[stop]?.promise;
        published += 1;
        return backend.publisher.publish(message, options);
      },
    };
    await commit(...range(400).map((value) => Reading.of({ meter: 'gated', value })));
    // Whoever deletes the row of 110 waits, and so the relay's next turn, until its chain has ended.
    const blocker = await database.pool.connect();
    await blocker.query('BEGIN');
    // (FOR UPDATE locks what OFFSET skips, too.)
    await blocker.query(
      'SELECT FROM outbox WHERE position = (SELECT position FROM outbox ORDER BY position OFFSET 110 LIMIT 1) FOR UPDATE',
    );
    startRelay(gated);
    await reached[0]?.promise;
    await until('the delete waits', async () => {
      const { rows } = await database.pool.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rows.length === 1;
    });
    gates[0]?.resolve();
    await until('the chain has ended', () => published === 200);
    await blocker.query('COMMIT');
    blocker.release();
    gates[1]?.resolve();
    await until('all have left', isEmpty);
    expect(await values('gated')).toEqual(range(400));
  });

  test('O5, O6: acknowledgements that are lost, after the broker has forgotten the ids, double nothing', async () => {
    const faulty = losingAcknowledgements(backend.publisher, 7);
    await commit(...range(20).map((value) => Reading.of({ meter: 'lost', value })));
    startRelay(faulty);
    await until('all have left', isEmpty);
    expect(faulty.lost()).toBe(7);
    expect(await values('lost')).toEqual(range(20));
  });

  test('O6: a relay that dies after publishing, before deleting, is followed by one that doubles nothing', async () => {
    await commit(...range(30).map((value) => Reading.of({ meter: 'dies', value })));
    // Exactly what a killed relay leaves: the messages are stored, the rows still there.
    const { rows } = await database.pool.query<{
      message_id: string;
      subject: string;
      headers: Record<string, string>;
      payload: Uint8Array;
    }>('SELECT message_id, subject, headers, payload FROM outbox ORDER BY position LIMIT 13');
    for (const row of rows) await backend.publisher.publish({ ...row, id: row.message_id, key: '' });
    await until('the broker has forgotten the ids', windowIsOver(Date.now()));
    startRelay();
    await until('all have left', isEmpty);
    expect(await values('dies')).toEqual(range(30));
  });

  test('O7: a transaction that stays open for long holds nobody up, and its messages come when it commits', async () => {
    startRelay();
    const opened = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const late = transact(async (client) => {
      await write(client, [Reading.of({ meter: 'late', value: 1 })]);
      opened.resolve();
      await released.promise;
    });
    await opened.promise;
    await commit(Reading.of({ meter: 'early', value: 1 }));
    await until('the later row has left', async () => (await values('early')).length === 1);
    released.resolve();
    await late;
    await until('the earlier row has left, too', async () => (await values('late')).length === 1);
  });

  test('O8: a message that the broker refuses stops its key, is told in the state, and others flow', async () => {
    const relay = startRelay();
    await transact(async (client) => {
      await write(client, [Reading.of({ meter: 'refused', value: 1 })]);
      await client.query("UPDATE outbox SET payload = convert_to(repeat('x', 2000000), 'UTF8')");
      await write(client, [Reading.of({ meter: 'refused', value: 2 }), Reading.of({ meter: 'fine', value: 1 })]);
    });
    await until('the others have left', async () => (await values('fine')).length === 1);
    await until('it is told', () => relay.state().state === 'degraded');
    expect(relay.state()).toMatchObject({ reason: expect.stringContaining('meter/refused') });
    expect(await values('refused')).toEqual([]);
    await expect(waiting()).resolves.toBe(2);
  });

  test('O8: a message that no stream takes holds up no other key, and shows', async () => {
    const relay = startRelay();
    await commit(Reading.of({ meter: 'warm', value: 0 }));
    await until('the lanes are held', isEmpty);
    await transact(async (client) => {
      await write(client, [Reading.of({ meter: 'nowhere', value: 1 })]);
      await client.query("UPDATE outbox SET subject = 'nobody.listens'");
    });
    const startedAt = performance.now();
    await commit(...range(3).map((value) => Reading.of({ meter: `somewhere${value}`, value })));
    await until('the others have left', async () => (await waiting()) === 1);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    await until('it is told', () => relay.state().state === 'degraded');
    await database.pool.query('DELETE FROM outbox');
    await until('it is forgotten once its row is gone', () => relay.state().state === 'up');
  });

  test('O5: a row that is stored but cannot be deleted is not sent again, however long that lasts', async () => {
    await database.pool.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not now'; END $$;
      CREATE TRIGGER refuse BEFORE DELETE ON outbox EXECUTE FUNCTION refuse()`);
    const relay = startRelay();
    await commit(...range(5).map((value) => Reading.of({ meter: 'kept', value })));
    await until('all are stored', async () => (await values('kept')).length === 5);
    await until('the broker has forgotten the ids', windowIsOver(Date.now()));
    await until('that is told', () => relay.state().state === 'degraded');
    await database.pool.query('DROP TRIGGER refuse ON outbox');
    await until('all have left', isEmpty);
    expect(await values('kept')).toEqual(range(5));
    await until('nothing is wrong any more', () => relay.state().state === 'up');
  });

  test('O9: a nudge reaches the replica that holds the lanes', async () => {
    startRelay();
    const commits = range(20);
    await commit(Reading.of({ meter: 'warm', value: 0 }));
    await until('the lanes are held', isEmpty);
    const other = startRelay(backend.publisher, broker.backend());
    const startedAt = performance.now();
    for (const value of commits) {
      await commit(Reading.of({ meter: 'nudged', value }));
      other.nudge();
      await until('it has left', async () => (await values('nudged')).length === value + 1);
    }
    // Polling alone would take up to a second for each; the point is that it does not.
    expect(performance.now() - startedAt).toBeLessThan(commits.length * 500);
  });

  test('a relay whose connections are cut takes its lanes again; nothing is lost or doubled', async () => {
    startRelay();
    startRelay(backend.publisher, broker.backend());
    for (const value of range(6)) {
      await commit(...range(10).map((step) => Reading.of({ meter: 'cut', value: value * 10 + step })));
      await database.pool.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'outbox-%' AND datname = current_database()",
      );
    }
    await until('all have left', isEmpty);
    expect(await values('cut')).toEqual(range(60));
  });

  test('the broker is killed and comes back: everything committed meanwhile arrives once, in order', async () => {
    startRelay();
    await commit(Reading.of({ meter: 'down', value: 0 }));
    const restart = await broker.crash();
    for (const value of range(10)) await commit(Reading.of({ meter: 'down', value: value + 1 }));
    await restart();
    await until('all have left', isEmpty, 30_000);
    expect(await values('down')).toEqual(range(11));
  });

  test('stopping while the broker is away ends at once and keeps the rows', async () => {
    const relay = startRelay();
    const restart = await broker.crash();
    await commit(Reading.of({ meter: 'stop', value: 1 }));
    const startedAt = performance.now();
    await relay.stop();
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await expect(waiting()).resolves.toBe(1);
    await restart();
  });
});

function windowIsOver(since: number): () => boolean {
  return () => Date.now() - since > 3 * (DUPLICATE_WINDOW_NANOSECONDS / 1_000_000);
}
