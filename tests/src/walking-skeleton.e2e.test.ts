// One REST change, and everyone who hears of it: the promise of the whole, from outside.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { listen } from './support/listener.ts';
import { startTestStation, type TestStation } from './support/test-station.ts';
import { until } from './support/until.ts';

describe('a change', () => {
  let station: TestStation;
  let plain: NatsConnection;
  beforeAll(async () => {
    station = await startTestStation();
    plain = await connect({ servers: station.nats().url });
  });
  afterAll(async () => {
    await plain.close();
    await station.stop();
  });

  const send = (method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${station.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const entriesOf = async (query: string): Promise<readonly Record<string, unknown>[]> => {
    const response = await send('GET', `/audit-log/api/v1/entries/?${query}`);
    expect(response.status).toBe(200);
    return ((await response.json()) as { items: Record<string, unknown>[] }).items;
  };

  test('of a show reaches a browser, a plain NATS client and the audit log, each once, as one and the same message', async () => {
    const bytes: Uint8Array[] = [];
    const headers: string[] = [];
    const subscription = plain.subscribe('resource.steering.show.*.created', {
      callback: (_error, message) => {
        bytes.push(message.data);
        headers.push(message.headers?.get('ce-correlationid') ?? '', message.headers?.get('ce-type') ?? '');
      },
    });
    await plain.flush();
    const browser = await listen(station.url, 'resource.steering.show.>');

    const response = await send(
      'POST',
      '/steering/api/v1/shows/',
      { name: 'Morning Tide' },
      { 'x-correlation-id': 'e2e-42' },
    );
    expect(response.status).toBe(201);
    expect(response.headers.get('x-correlation-id')).toBe('e2e-42');
    const show = (await response.json()) as { id: number; updatedAt: string };
    const url = `${station.url}/steering/api/v1/shows/${show.id}/`;
    expect(response.headers.get('location')).toBe(url);

    await browser.untilHeard('the creation', (heard) => heard.length > 0);
    await until('the plain client has it', () => bytes.length > 0);
    const subject = `resource.steering.show.${show.id}.created`;
    const payload = {
      version: 1,
      createdAt: expect.any(String),
      data: { id: show.id, url, updatedAt: show.updatedAt },
    };
    expect(browser.heard).toEqual([{ subject, id: expect.any(String), time: expect.any(String), message: payload }]);
    expect(JSON.parse(Buffer.from(bytes[0] ?? []).toString())).toEqual(browser.heard[0]?.message);
    expect(headers).toEqual(['e2e-42', 'longwave.ResourceCreated.v1']);

    await until('the audit log has it', async () => (await entriesOf(`subject=${subject}`)).length > 0);
    const [entry, ...more] = await entriesOf(`subject=${subject}`);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({
      id: browser.heard[0]?.id,
      subject,
      correlationId: 'e2e-42',
      payload: browser.heard[0]?.message,
    });

    subscription.unsubscribe();
    browser.close();
  });

  test('of a package is what the resolver answers, once it has heard of it', async () => {
    const created = await send('PUT', '/steering/api/v1/packages/a.b/1.0.0', { vendor: 'Longwave' });
    expect(created.status).toBe(201);
    const resolved = async (): Promise<{ vendor?: string }> =>
      (await (await send('GET', '/resolver/api/v1/packages/a.b/1.0.0')).json()) as { vendor?: string };
    await until('the resolver knows it', async () => (await resolved()).vendor === 'Longwave');
    const updated = await send('PUT', '/steering/api/v1/packages/a.b/1.0.0', {
      vendor: 'Longwave',
      description: 'again',
    });
    expect(updated.status).toBe(200);
    await until(
      'the resolver knows the change',
      async () => ((await resolved()) as { description?: string }).description === 'again',
    );
    const identical = await send('PUT', '/steering/api/v1/packages/a.b/1.0.0', {
      vendor: 'Longwave',
      description: 'again',
    });
    expect(identical.status).toBe(200);
    const subject = 'longwave.v1.events.steering.package.lifecycle.*.default.a%252Eb.1%252E0%252E0';
    await until('both are in the audit log', async () => (await entriesOf(`subject=${subject}`)).length === 2);
  });

  test('told while the browser was away is told when it comes back, after what it saw last', async () => {
    const query = 'subject=resource.steering.show.%3E';
    const before = await readEvents(`${station.url}/events?${query}`, undefined, async () => {
      await send('POST', '/steering/api/v1/shows/', { name: 'Seen' });
    });
    await send('POST', '/steering/api/v1/shows/', { name: 'Missed' });
    await send('POST', '/steering/api/v1/shows/', { name: 'Missed, too' });
    const after = await readEvents(`${station.url}/events?${query}`, before.lastId, async () => undefined, 2);
    expect(after.subjects).toHaveLength(2);
    expect(after.subjects).not.toContain(before.subjects[0]);
  });
});

/** A bare reader of one stream, so that the test holds the `Last-Event-ID` itself. Stops after `count` messages. */
async function readEvents(
  url: string,
  lastEventId: string | undefined,
  onOpen: () => Promise<void>,
  count = 1,
): Promise<{ readonly subjects: readonly string[]; readonly lastId: string }> {
  const headers = {
    accept: 'text/event-stream',
    ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
  };
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(30_000) });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const subjects: string[] = [];
  let lastId = '';
  let text = '';
  let opened = false;
  while (subjects.length < count) {
    const chunk = await reader?.read();
    if (chunk === undefined || chunk.done) throw new Error('the stream ended');
    if (!opened) {
      opened = true;
      await onOpen();
    }
    text += chunk.value;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      lastId = /^id: ?(.+)$/m.exec(block)?.[1] ?? lastId;
      const data = /^data: ?(.+)$/m.exec(block)?.[1];
      if (data !== undefined && !/^event:/m.test(block))
        subjects.push((JSON.parse(data) as { subject: string }).subject);
    }
  }
  await reader?.cancel();
  return { subjects, lastId };
}
