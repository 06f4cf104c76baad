// Routes and their middlewares, the same on JetStream and on the broker in memory.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { quietLog } from '@longwave/embedded/testing';
import { Reject, systemTime, Unavailable, type Log } from '@longwave/messaging';
import { encodeMessage, type Draft } from '@longwave/messaging/contract';
import {
  correlatedLog,
  effectOnce,
  eventPipeline,
  startMessageServer,
  timeLimit,
  type EventRoute,
  type MessageServer,
  type Middleware,
} from '@longwave/messaging/router';
import type { PoolClient } from 'pg';
import { v7 } from 'uuid';
import { createDatabase, type TestDatabase } from './support/database.ts';
import { testSource } from './support/reading.ts';
import { MeterGone, MeterRead, openJetStream, openMemory, type RouteStage } from './support/route-stages.ts';
import { until } from './support/until.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await database.pool.query('CREATE TABLE total (name text PRIMARY KEY, value int NOT NULL)');
});
afterAll(() => database.drop());

describe.each([
  ['JetStream', openJetStream],
  ['memory', openMemory],
])('on %s', (backendName, open) => {
  let stage: RouteStage;
  const running: MessageServer[] = [];
  beforeAll(async () => {
    stage = await open();
  });
  afterAll(async () => {
    await Promise.all(running.map((server) => server.stop({ withinMs: 1_000 })));
    await stage.close();
  });

  async function work(name: string, routes: readonly EventRoute[], log: Log = quietLog): Promise<MessageServer> {
    await stage.addConsumer(name);
    const retry = { attemptsMax: 3, delayMsMin: 5, delayMsMax: 20 };
    const server = startMessageServer(stage.backend, {
      queues: [{ stream: 'events', consumer: name, routes, retry }],
      source: testSource,
      log,
      time: systemTime,
      random: () => 0.5,
    });
    running.push(server);
    return server;
  }
  const tell = (...drafts: readonly Draft[]): Promise<unknown> =>
    Promise.all(
      drafts.map((draft) => {
        const about = { id: v7(), createdAt: new Date(), source: testSource, cause: { correlationId: 'told' } };
        return stage.backend.publisher.publish(encodeMessage(draft, about));
      }),
    );
  const read = (group: string, meter: string, value = 1): Draft => MeterRead.of({ group, meter, value });

  test('S1, S2: middlewares run in their order, and what each adds is in the context of those after it', async () => {
    const steps: string[] = [];
    const named =
      <const Name extends string>(name: Name): Middleware<{ readonly [Key in Name]: string }> =>
      async (arrived, context, next) => {
        steps.push(
          `${name} sees ${Object.keys(context)
            .filter((field) => field.length === 1)
            .join('')}`,
        );
        // The one field that this adds.
        await next({ [name]: arrived.name } as { readonly [Key in Name]: string });
        steps.push(`${name} is over`);
      };
    const pipeline = eventPipeline().use(named('a')).use(named('b'));
    const handle = pipeline.on(MeterRead, ({ data, params }, { a, b }) => {
      steps.push(`${a} ${b} ${params.meter} ${data.value}`);
    });
    await work('n1', [handle]);
    await tell(read('n1', 'm1', 7));
    await until('it was handled', () => steps.length === 5);
    expect(steps).toEqual(['a sees ', 'b sees a', 'MeterRead MeterRead m1 7', 'b is over', 'a is over']);
  });

  test('S3: a Reject is a dead letter at once and an Unavailable no attempt, whoever throws it', async () => {
    const tries = { rejected: 0, away: 0, failing: 0 };
    const seen: string[] = [];
    const watching: Middleware = async (_arrived, _context, next) => {
      try {
        return await next({});
      } catch (error) {
        seen.push(error instanceof Error ? error.name : '');
        throw error;
      }
    };
    const refusing: Middleware = async ({ message }, _context, next) => {
      if (message.causationId === undefined && tries.rejected++ === 0) throw new Reject('never');
      return next({});
    };
    const isAway = (): boolean => (tries.away += 1) < 5;
    const routes = [
      eventPipeline()
        .use(watching)
        .use(refusing)
        .on(MeterRead, () => undefined),
      eventPipeline()
        .use(watching)
        .on(MeterGone, ({ params }) => {
          if (params.meter === 'away' && isAway()) throw new Unavailable('later');
          if (params.meter !== 'failing') return;
          tries.failing += 1;
          throw new TypeError('wrong');
        }),
    ];
    await work('n3', routes);
    await tell(
      read('n3', 'm1'),
      MeterGone.of({ group: 'n3', meter: 'away' }),
      MeterGone.of({ group: 'n3', meter: 'failing' }),
    );
    await until('both are dead letters', async () => (await stage.deadLetters('n3')).length === 2);
    await until('the broker is back', () => tries.away === 5);
    expect((await stage.deadLetters('n3')).toSorted()).toEqual(['attempts-exhausted', 'rejected']);
    expect(tries).toEqual({ rejected: 1, away: 5, failing: 3 });
    expect(seen.filter((name) => name === 'Reject')).toHaveLength(1);
    expect(seen.filter((name) => name === 'Unavailable')).toHaveLength(4);
  });

  test('S4, S5: each message goes to the route of its type, and one key stays in order over routes', async () => {
    const told: string[] = [];
    const routes = [
      eventPipeline().on(MeterRead, async ({ data, params: { meter } }) => {
        await Promise.resolve();
        told.push(`${meter} ${data.value}`);
      }),
      eventPipeline().on(MeterGone, ({ params: { meter } }) => void told.push(`${meter} gone`)),
    ];
    await work('n4', routes);
    for (const value of [1, 2, 3]) await tell(read('n4', 'm/1', value));
    await tell(MeterGone.of({ group: 'n4', meter: 'm/1' }));
    await until('all were handled', () => told.length === 4);
    expect(told).toEqual(['m/1 1', 'm/1 2', 'm/1 3', 'm/1 gone']);
  });

  test('S4: what no route takes is a dead letter, and two routes for one message are refused', async () => {
    const route = eventPipeline().on(MeterRead, () => undefined);
    await work('n4b', [route]);
    await tell(MeterGone.of({ group: 'n4b', meter: 'm1' }));
    await until('it is a dead letter', async () => (await stage.deadLetters('n4b')).length === 1);
    expect(await stage.deadLetters('n4b')).toEqual(['unknown-type']);
    await expect(work('n4c', [route, route])).rejects.toThrow('could take the same message');
  });

  test('S5: of two servers with an ordered queue one is at work, and hands it over when it stops', async () => {
    await stage.addConsumer('n5');
    const handled: string[] = [];
    const serverOf = (replica: string): MessageServer =>
      startMessageServer(stage.backend, {
        queues: [
          {
            stream: 'events',
            consumer: 'n5',
            ordered: true,
            routes: [eventPipeline().on(MeterRead, ({ data }) => void handled.push(`${replica} ${data.value}`))],
          },
        ],
        source: { ...testSource, replica },
        log: quietLog,
        time: systemTime,
        random: () => 0.5,
      });
    const stateOf = (server: MessageServer): string | undefined => server.queues[0]?.state().state;
    const first = serverOf('first');
    await until('the first one is at work', () => stateOf(first) === 'up');
    const second = serverOf('second');
    running.push(second);
    await until('the second one stands by', () => stateOf(second) === 'standby');
    await tell(read('n5', 'm1', 1));
    await until('it was handled', () => handled.length === 1);
    await first.stop({ withinMs: 5_000 });
    await tell(read('n5', 'm1', 2));
    await until('the next one was handled', () => handled.length === 2);
    expect(handled).toEqual(['first 1', 'second 2']);
  });

  test('S6: a stop waits for what runs, and gives the rest to whoever comes next', async () => {
    const gate = Promise.withResolvers<void>();
    const started: number[] = [];
    const handled: number[] = [];
    const slow = eventPipeline().on(MeterRead, async ({ data }) => {
      started.push(data.value);
      await gate.promise;
      handled.push(data.value);
    });
    const server = await work('n6', [slow]);
    for (const value of [1, 2]) await tell(read('n6', 'm1', value));
    await until('the first one runs', () => started.length === 1);
    expect(server.queues.map((queue) => queue.state())).toEqual([{ state: 'up' }]);
    const stopped = server.stop({ withinMs: 10_000 });
    gate.resolve();
    await stopped;
    expect(handled).toEqual([1]);
    const next = startMessageServer(stage.backend, {
      queues: [{ stream: 'events', consumer: 'n6', routes: [slow] }],
      source: testSource,
      log: quietLog,
      time: systemTime,
      random: () => 0.5,
    });
    await until('both were handled', () => handled.length === 2);
    expect(handled).toEqual([1, 2]);
    await next.stop({ withinMs: 1_000 });
  });

  test('S7: a handler that takes too long is told so and tried again', async () => {
    const ends: unknown[] = [];
    const limited = eventPipeline()
      .use(timeLimit({ limitMs: 30, time: systemTime }))
      .on(MeterRead, async (_event, { signal: told }) => {
        if (ends.length === 2) return void ends.push('in time');
        await new Promise<void>((resolve) => told.addEventListener('abort', () => resolve(), { once: true }));
        ends.push(told.reason instanceof Error ? told.reason.name : 'not told');
      });
    await work('n7', [limited]);
    await tell(read('n7', 'm1'));
    await until('it was handled in time', () => ends.length === 3);
    expect(ends).toEqual(['TimeLimitError', 'TimeLimitError', 'in time']);
    expect(await stage.deadLetters('n7')).toEqual([]);
  });

  test('S8: what happens in the transaction of the arrival happens once, also after a failure and a second delivery', async () => {
    const total = `${backendName}-n8`;
    await database.pool.query('INSERT INTO total VALUES ($1, 0)', [total]);
    let tries = 0;
    const once = eventPipeline()
      .use(
        effectOnce<PoolClient>(async (inside) => {
          const client = await database.pool.connect();
          try {
            await client.query('BEGIN');
            const done = await inside(async (sql, ...values) => (await client.query(sql, values)).rows, client);
            await client.query('COMMIT');
            return done;
          } catch (error) {
            await client.query('ROLLBACK');
            throw error;
          } finally {
            client.release();
          }
        }),
      )
      .on(MeterRead, async ({ data }, { transaction }) => {
        await transaction.query('UPDATE total SET value = value + $2 WHERE name = $1', [total, data.value]);
        tries += 1;
        if (tries === 1) throw new Error('after the change');
      });
    const consumer = `n8-${backendName}`;
    await work(consumer, [once]);
    const draft = read(consumer, 'm1', 7);
    const about = { id: v7(), createdAt: new Date(), source: testSource, cause: { correlationId: 'told' } };
    await stage.backend.publisher.publish(encodeMessage(draft, about));
    const value = async (): Promise<unknown> =>
      (await database.pool.query('SELECT value FROM total WHERE name = $1', [total])).rows[0]?.value;
    await until('it happened', async () => (await value()) === 7);
    // A stranger's copy under another id of the broker's, with the id that we know.
    const { 'Nats-Msg-Id': _id, ...headers } = encodeMessage(draft, about).headers;
    await stage.backend.publisher.publish({
      ...encodeMessage(draft, about),
      id: v7(),
      headers: { ...headers, 'Nats-Msg-Id': v7() },
    });
    await tell(read(consumer, 'm1', 1));
    await until('the one after it happened', async () => (await value()) === 8);
    expect(tries).toBe(3);
  });

  test('what a handler logs says which message it is about', async () => {
    const lines: object[] = [];
    const log = { ...quietLog, warn: (fields: object) => void lines.push(fields) };
    const told = eventPipeline()
      .use(correlatedLog())
      .on(MeterRead, (_event, context) => context.log.warn({ level: 3 }, 'low'));
    await work('logs', [told], log);
    await tell(read('logs', 'm1'));
    await until('it was logged', () => lines.length === 1);
    expect(lines).toEqual([{ level: 3, messageId: expect.any(String), correlationId: 'told', type: 'MeterRead' }]);
  });
});
