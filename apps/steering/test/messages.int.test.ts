// What the world hears of a change: one message, with the right words, in order, if and only if the change is stored.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createClient, type Answer } from './support/client.ts';
import { PUBLIC_URL, startStation, type SeenMessage, type Station } from './support/station.ts';

let station: Station;
beforeAll(async () => {
  station = await startStation();
});
afterAll(async () => station.close());

const pathOf = ({ body }: Answer): string => `/shows/${String(body['id'])}/`;
const make = (content: object): Promise<Answer> => station.call('POST', '/shows/', content);

async function messagesOf({ body }: Answer): Promise<readonly SeenMessage[]> {
  const prefix = `resource.steering.show.${String(body['id'])}.`;
  return (await station.messages('resource')).filter(({ subject }) => subject.startsWith(prefix));
}

const verbs = (messages: readonly SeenMessage[]): (string | undefined)[] =>
  messages.map(({ subject }) => subject.split('.').at(-1));

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('a new show is told on its subject, as any NATS client reads it', async () => {
  const subscription = station.broker.plain.subscribe('resource.>', { max: 1 });
  await station.broker.plain.flush();
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const headers = { 'x-correlation-id': 'order-66', traceparent, tracestate: 'a=b' };
  const made = await station.call('POST', '/shows/', { name: 'Told' }, headers);
  const id = Number(made.body['id']);
  const heard = [];
  for await (const message of subscription) heard.push({ subject: message.subject, payload: message.json() });
  expect(heard).toEqual([
    {
      subject: `resource.steering.show.${id}.created`,
      payload: {
        version: 1,
        createdAt: expect.stringMatching(/Z$/),
        data: { id, url: `${PUBLIC_URL}/steering/api/v1/shows/${id}/`, updatedAt: made.body['updatedAt'] },
      },
    },
  ]);
  const [message] = await messagesOf(made);
  expect(message?.headers).toEqual({
    'Nats-Msg-Id': expect.stringMatching(uuidV7),
    'ce-specversion': '1.0',
    'ce-id': message?.headers['Nats-Msg-Id'],
    'ce-source': expect.stringMatching(/^\/steering\/[0-9a-f-]{36}$/),
    'ce-type': 'longwave.ResourceCreated.v1',
    'ce-time': message?.payload.createdAt,
    'ce-datacontenttype': 'application/json',
    'ce-correlationid': 'order-66',
    'ce-partitionkey': `steering/show/${id}`,
    'ce-actor': 'service:anonymous',
    traceparent,
    tracestate: 'a=b',
  });
});

test('a change and a deletion are told, each once, and a change of nothing is not', async () => {
  const made = await make({ name: 'Whole life' });
  const patched = await station.call('PATCH', pathOf(made), { description: 'new' });
  await station.call('PATCH', pathOf(made), { description: 'new' });
  await station.call('PATCH', pathOf(made), {});
  const replaced = await station.call('PUT', pathOf(made), { name: 'Whole life' });
  await station.call('PUT', pathOf(made), { name: 'Whole life' });
  await station.call('DELETE', pathOf(made));
  const messages = await messagesOf(made);
  const id = made.body['id'];
  const url = `${PUBLIC_URL}/steering/api/v1/shows/${String(id)}/`;
  expect(messages.map(({ headers, payload }) => [headers['ce-type'], payload.data])).toEqual([
    ['longwave.ResourceCreated.v1', { id, url, updatedAt: made.body['updatedAt'] }],
    ['longwave.ResourceUpdated.v1', { id, url, updatedAt: patched.body['updatedAt'] }],
    ['longwave.ResourceUpdated.v1', { id, url, updatedAt: replaced.body['updatedAt'] }],
    ['longwave.ResourceDeleted.v1', { id, url }],
  ]);
  expect(verbs(messages)).toEqual(['created', 'updated', 'updated', 'deleted']);
  expect(new Set(messages.map((message) => message.id)).size).toBe(4);
});

test('what is refused is not told', async () => {
  const made = await make({ name: 'Refused' });
  const other = await make({ name: 'Refused too', predecessorId: made.body['id'] });
  const before = (await station.messages('resource')).length;
  const refusals = [
    await make({ name: 'Refused', slug: made.body['slug'] }),
    await make({ name: 'Refused', predecessorId: 2_147_483_647 }),
    await station.call('PATCH', pathOf(made), { slug: other.body['slug'] }),
    await station.call('PATCH', pathOf(made), { name: 'x' }, { 'if-match': '"99"' }),
    await station.call('PATCH', pathOf(made), { predecessorId: other.body['id'] }),
    await station.call('DELETE', pathOf(made)),
  ];
  expect(refusals.map(({ status }) => status)).toEqual([409, 400, 409, 412, 400, 409]);
  expect((await station.messages('resource')).length).toBe(before);
});

test('a repeated POST with its key is told once', async () => {
  const key = { 'idempotency-key': 'told-once' };
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => station.call('POST', '/shows/', { name: 'Repeated' }, key)),
  );
  const [first] = answers;
  expect(verbs(first === undefined ? [] : await messagesOf(first))).toEqual(['created']);
});

test('packages: the first PUT creates, another one updates, the same one says nothing', async () => {
  const headers = { 'x-namespace': 'studio-1', 'x-correlation-id': 'c-7' };
  const content = { description: 'One', vendor: 'V', signature: 's', dependencies: [{ name: 'a.b', range: '^1' }] };
  await station.call('PUT', '/packages/C++/1.0.0', content, headers);
  await station.call('PUT', '/packages/C++/1.0.0', content, headers);
  await station.call('PUT', '/packages/C++/1.0.0', { description: 'Two' }, headers);
  const identity = { namespace: 'studio-1', packageId: { name: 'C++', version: '1.0.0' } };
  const subject = (verb: string): string =>
    `longwave.v1.events.steering.package.lifecycle.${verb}.studio-1.C%2B%2B.1%2E0%2E0`;
  const messages = await station.messages('events');
  expect(messages.map((message) => [message.subject, message.headers['ce-type'], message.payload.data])).toEqual([
    [subject('created'), 'longwave.PackageCreated.v1', { ...identity, ...content }],
    [subject('updated'), 'longwave.PackageUpdated.v1', { ...identity, description: 'Two' }],
  ]);
  for (const message of messages) {
    expect(message.headers['ce-correlationid']).toBe('c-7');
    expect(message.headers['ce-partitionkey']).toBe('package/studio-1/C++/1.0.0');
  }
});

test('T4: messages of one show are in the order of its changes, through two replicas, each once', async () => {
  const replica = await station.startReplica();
  const other = createClient(() => replica.address);
  const shows = await Promise.all(Array.from({ length: 4 }, (_, index) => make({ name: `Order ${index}` })));
  const changes = shows.flatMap((show) =>
    Array.from({ length: 25 }, (_, index) =>
      (index % 2 === 0 ? station : other).call('PATCH', pathOf(show), { internalNote: `${index}` }),
    ),
  );
  const answers = await Promise.all(changes);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  for (const show of shows) {
    const own = answers.filter(({ body }) => body['id'] === show.body['id']);
    const byVersion = own.toSorted((left, right) => Number(left.etag.slice(1, -1)) - Number(right.etag.slice(1, -1)));
    const told = (await messagesOf(show)).map(({ payload }) => payload.data['updatedAt']);
    expect(told).toEqual([show, ...byVersion].map(({ body }) => body['updatedAt']));
  }
});

describe('T1: when the transaction fails', () => {
  const failing = {
    'at the message': `CREATE TRIGGER fail BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION fail()`,
    'at the commit': `CREATE CONSTRAINT TRIGGER fail AFTER INSERT OR UPDATE ON show DEFERRABLE INITIALLY DEFERRED
                        FOR EACH ROW EXECUTE FUNCTION fail()`,
  } as const;
  test.each(Object.entries(failing))(
    '%s, neither the change nor the message nor the key is there',
    async (_, trigger) => {
      const made = await make({ name: 'Before the failure' });
      await messagesOf(made);
      const before = await station.rowCounts();
      await station.pool.query(`CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'secret of the database'; END $$`);
      await station.pool.query(trigger);
      const created = await station.call('POST', '/shows/', { name: 'Failed' }, { 'idempotency-key': 'failed' });
      const patched = await station.call('PATCH', pathOf(made), { name: 'Failed' });
      await station.pool.query('DROP FUNCTION fail() CASCADE');
      for (const answer of [created, patched]) {
        expect(answer).toMatchObject({ status: 500, body: { code: 'internal' } });
        expect(answer.text).not.toContain('secret');
      }
      expect(await station.rowCounts()).toEqual(before);
      expect((await station.get(pathOf(made))).text).toBe(made.text);
      expect(verbs(await messagesOf(made))).toEqual(['created']);
      expect((await station.call('POST', '/shows/', { name: 'Failed' }, { 'idempotency-key': 'failed' })).status).toBe(
        201,
      );
      await station.pool.query('DELETE FROM idempotency_key');
    },
  );
});
