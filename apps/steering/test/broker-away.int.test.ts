// R4: the broker away. Reads work, writes work, and everything is told once it is back: each once, in order.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import { applyTopology } from '@longwave/streams';
import { z } from 'zod';
import { startStation, type SeenMessage, type Station } from './support/station.ts';

let station: Station;
beforeAll(async () => {
  station = await startStation();
});
afterAll(async () => {
  await station.close();
});

/** Three shows, each made and changed four times, the last one deleted. Resolves with what should be told of each. */
async function work(name: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const expected = new Map<string, readonly string[]>();
  let path = '';
  for (let index = 0; index < 3; index += 1) {
    const made = await station.call('POST', '/shows/', { name });
    expect(made.status).toBe(201);
    path = `/shows/${String(made.body['id'])}/`;
    for (let change = 0; change < 4; change += 1) {
      expect((await station.call('PATCH', path, { internalNote: `${change}` })).status).toBe(200);
    }
    expect((await station.get(path)).body).toMatchObject({ internalNote: '3' });
    expected.set(String(made.body['id']), ['created', 'updated', 'updated', 'updated', 'updated']);
  }
  expect((await station.call('DELETE', path)).status).toBe(204);
  const [last = ''] = [...expected.keys()].slice(-1);
  return expected.set(last, [...(expected.get(last) ?? []), 'deleted']);
}

function told(messages: readonly SeenMessage[], ids: Iterable<string>): ReadonlyMap<string, readonly string[]> {
  const of = (id: string): string[] =>
    messages.flatMap(({ subject }) =>
      subject.startsWith(`resource.steering.show.${id}.`) ? [subject.split('.')[4] ?? ''] : [],
    );
  return new Map([...ids].map((id) => [id, of(id)]));
}

const brokerState = async (): Promise<string> => {
  const { body } = await station.get('/health/ready');
  return z.object({ checks: z.object({ broker: z.object({ state: z.string() }) }) }).parse(body).checks.broker.state;
};

test('T3: killed and back: all that was written meanwhile is told, each once, in order', async () => {
  const bringBack = await station.broker.kill();
  await until('steering has noticed', async () => (await brokerState()) === 'degraded');
  const expected = await work('While away');
  expect(await station.get('/health/ready')).toMatchObject({ status: 200, body: { status: 'ready' } });
  expect((await station.rowCounts())['outbox']).toBe(16);
  await bringBack();
  expect(told(await station.messages('resource'), expected.keys())).toEqual(expected);
  await until('steering has noticed', async () => (await brokerState()) === 'up', 20_000);
});

test('frozen and thawed: the same', async () => {
  station.broker.nats().pause();
  const expected = await work('While frozen');
  station.broker.nats().resume();
  expect(told(await station.messages('resource'), expected.keys())).toEqual(expected);
});

test('without its stream: the same, once somebody has made it again', async () => {
  const { broker } = station;
  await broker.manager.streams.delete('resource');
  const expected = await work('Without a stream');
  await applyTopology({ host: broker.nats().host, port: broker.nats().port });
  expect(told(await station.messages('resource'), expected.keys())).toEqual(expected);
});
