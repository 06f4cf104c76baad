// What damage does: processes are killed at the worst moments, the broker goes away, and in the end every accepted
// change has reached everyone exactly once (R1, R2, R3, R4).
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listen, type Listener } from './support/listener.ts';
import { startTestStation, type TestStation } from './support/test-station.ts';
import { until } from './support/until.ts';

const BROKER_AWAY_MS = 10_000;

describe('nothing is lost and nothing is doubled when', () => {
  let station: TestStation;
  let browser: Listener;
  beforeAll(async () => {
    station = await startTestStation();
    browser = await listen(station.url, 'resource.>', 'longwave.v1.events.>');
  });
  afterAll(async () => {
    browser.close();
    await station.stop();
  });

  const call = (method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${station.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  /** Creates a show however often it takes: the key makes the tries one. */
  const createShow = async (name: string): Promise<number> => {
    const key = encodeURIComponent(name);
    let id: number | undefined;
    await until(`${name} is accepted`, async () => {
      const response = await call('POST', '/steering/api/v1/shows/', { name }, { 'idempotency-key': key }).catch(
        () => undefined,
      );
      if (response?.status === 201) id = ((await response.json()) as { id: number }).id;
      else if (response !== undefined && response.status < 500)
        throw new Error(`${response.status} ${await response.text()}`);
      return id !== undefined;
    });
    return id ?? -1;
  };
  const putPackage = (name: string, description: string): Promise<void> =>
    until(`${name} ${description} is accepted`, async () => {
      const response = await call('PUT', `/steering/api/v1/packages/${name}/1.0.0`, { description }).catch(
        () => undefined,
      );
      return response?.ok === true;
    });
  /** How often each subject was recorded by the audit log, and heard by the browser. */
  const expectOnce = async (subjects: readonly string[]): Promise<void> => {
    await browser.untilHeard('all of them', (heard) =>
      subjects.every((subject) => heard.some((one) => one.subject === subject)),
    );
    for (const subject of subjects) {
      await until(`${subject} is recorded`, async () => (await recorded(subject)) > 0);
      expect({
        subject,
        recorded: await recorded(subject),
        heard: browser.heard.filter((one) => one.subject === subject).length,
      }).toEqual({
        subject,
        recorded: 1,
        heard: 1,
      });
    }
  };
  const recorded = async (subject: string): Promise<number> => {
    const response = await call('GET', `/audit-log/api/v1/entries/?subject=${encodeURIComponent(subject)}`);
    return response.ok ? ((await response.json()) as { items: unknown[] }).items.length : 0;
  };
  const created = (id: number): string => `resource.steering.show.${id}.created`;

  test('steering is killed between its commit and the publish', async () => {
    // Paused, the broker takes nothing: whatever is answered now is committed and not published.
    station.nats().pause();
    const ids = [await createShow('committed 1'), await createShow('committed 2'), await createShow('committed 3')];
    await station.kill('steering');
    station.nats().resume();
    await station.untilReady('steering');
    await expectOnce(ids.map(created));
  });

  test('steering is killed again and again under a burst of writes', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `burst ${index}`);
    const writing = Promise.all(names.map(createShow));
    for (let kill = 0; kill < 3; kill += 1) {
      await station.untilReady('steering');
      await station.kill('steering');
    }
    const ids = await writing;
    expect(new Set(ids).size).toBe(names.length);
    await station.untilReady('steering');
    await expectOnce(ids.map(created));
  });

  test('nats-server is killed and stays away for ten seconds: reads and writes go on, and all catch up', async () => {
    const restart = await station.killNats();
    const awaySince = performance.now();
    const ids = [await createShow('broker away 1'), await createShow('broker away 2')];
    await putPackage('broker.away', 'written while it was away');
    expect((await call('GET', `/steering/api/v1/shows/${ids[0]}/`)).status).toBe(200);
    await until('ten seconds are over', () => performance.now() - awaySince >= BROKER_AWAY_MS);
    await restart();
    await station.untilReady('steering', 'resolver', 'audit-log', 'sse-proxy');
    await expectOnce([
      ...ids.map(created),
      'longwave.v1.events.steering.package.lifecycle.created.default.broker%2Eaway.1%2E0%2E0',
    ]);
  });

  test('the resolver is killed while it handles', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `handled-${index}`);
    const writing = Promise.all(
      names.map(async (name) => {
        await putPackage(name, 'first');
        await putPackage(name, 'second');
      }),
    );
    for (let kill = 0; kill < 3; kill += 1) {
      await station.untilReady('resolver');
      await station.kill('resolver');
    }
    await writing;
    await station.untilReady('resolver');
    for (const name of names) {
      await until(`the resolver has the last state of ${name}`, async () => {
        const response = await call('GET', `/resolver/api/v1/packages/${name}/1.0.0`);
        return response.ok && ((await response.json()) as { description: string }).description === 'second';
      });
    }
    const subjects = names.flatMap((name) =>
      ['created', 'updated'].map(
        (verb) => `longwave.v1.events.steering.package.lifecycle.${verb}.default.${name}.1%2E0%2E0`,
      ),
    );
    await expectOnce(subjects);
  });

  test('the audit log and the sse-proxy are killed while messages flow', async () => {
    const writing = Promise.all(Array.from({ length: 40 }, (_, index) => createShow(`recorded ${index}`)));
    await station.kill('audit-log');
    await station.kill('sse-proxy');
    const ids = await writing;
    await station.untilReady('audit-log', 'sse-proxy');
    await expectOnce(ids.map(created));
  });

  test('and no dead letter was made, no gap was announced on the way', async () => {
    expect(browser.gaps).toEqual([]);
    expect(await recorded('dead-letter.>')).toBe(0);
  });
});
