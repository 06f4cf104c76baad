// The process dies at the two moments that matter: while its transaction is open, and after the commit but before the
// broker heard of it. The effect is counted by a trigger in the database, so that "once" is not a matter of luck.
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import { Client } from 'pg';
import { packageMessage } from './support/fleet-messages.ts';
import { get, startStation, type Station } from './support/station.ts';

let station: Station;
let database: Client;

const countEffects = `
  CREATE TABLE effect (name text);
  CREATE FUNCTION count_effect() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO effect VALUES (NEW.name); RETURN NEW; END $$;
  CREATE TRIGGER count_effect AFTER INSERT OR UPDATE ON package FOR EACH ROW EXECUTE FUNCTION count_effect();`;

beforeAll(async () => {
  station = await startStation();
  database = await connect();
  await database.query(countEffects);
});

afterAll(async () => {
  await database.end();
  await station.close();
});

async function connect(): Promise<Client> {
  const client = new Client({ connectionString: station.databaseUrl });
  await client.connect();
  return client;
}

/** Keeps every transaction on this package waiting until it is released. */
async function holdLock(name: string): Promise<() => Promise<void>> {
  const holder = await connect();
  await holder.query('BEGIN');
  await holder.query(`INSERT INTO inbox_key (consumer, key, epoch, sequence) VALUES ('resolver', $1, 0, 0)`, [
    `package/default/${name}/1.0.0`,
  ]);
  return async () => {
    await holder.query('ROLLBACK');
    await holder.end();
  };
}

async function isBlocked(): Promise<boolean> {
  const { rowCount } = await database.query(
    `SELECT FROM pg_stat_activity WHERE application_name = 'resolver' AND wait_event_type = 'Lock' AND datname = current_database()`,
  );
  return rowCount !== null && rowCount > 0;
}

async function effects(name: string): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM effect WHERE name = $1',
    [name],
  );
  return rows[0]?.count ?? -1;
}

test('V1 killed while its transaction is open: after the restart the message is applied, once', async () => {
  const release = await holdLock('mid-flight');
  const first = await station.forkReplica();
  await station.broker.publish(packageMessage('created', { name: 'mid-flight' }));
  await until('the transaction waits for the lock', isBlocked);
  first.process.kill('SIGKILL');
  await once(first.process, 'exit');
  await release();
  const second = await station.forkReplica();
  await until('it is applied', () => visible(second, 'mid-flight'));
  expect(await effects('mid-flight')).toBe(1);
  second.process.kill('SIGKILL');
});

test('V1 killed after the commit, before the broker heard of it: the redelivered message changes nothing', async () => {
  const release = await holdLock('unacknowledged');
  const first = await station.forkReplica();
  await station.broker.publish(packageMessage('created', { name: 'unacknowledged' }));
  await until('the transaction waits for the lock', isBlocked);
  const bringBack = await station.broker.kill();
  await release();
  await until('it is committed', async () => (await effects('unacknowledged')) === 1);
  first.process.kill('SIGKILL');
  await once(first.process, 'exit');
  await bringBack();
  await station.forkReplica();
  await until(
    'the broker knows that all is handled',
    async () => {
      const { num_ack_pending, num_pending } = await station.broker.manager.consumers.info('events', 'resolver');
      return num_ack_pending + num_pending === 0;
    },
    40_000,
  );
  expect(await effects('unacknowledged')).toBe(1);
});

test('a resolver that is told to stop ends by itself and gives back what it has not handled', async () => {
  const service = await station.forkReplica();
  service.process.kill('SIGTERM');
  const [code] = await once(service.process, 'exit');
  expect(code).toBe(0);
});

async function visible(service: { readonly address: string }, name: string): Promise<boolean> {
  return (await get(service, `/packages/${name}/1.0.0`)).status === 200;
}
