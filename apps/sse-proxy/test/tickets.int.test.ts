// S17: a ticket is worth one connection to the filters it was made for, and nothing else. T1–T3.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RunningService } from '@longwave/runtime';
import { startBroker, type Broker } from './support/broker.ts';
import { EventClient } from './support/event-client.ts';
import { startProxy } from './support/proxy.ts';

let broker: Broker;
let proxy: RunningService;

beforeAll(async () => {
  broker = await startBroker();
  proxy = await startProxy(broker.nats);
});
afterAll(async () => {
  await proxy.stop();
  await broker.stop();
});

async function ask(body: unknown): Promise<{ status: number; body: Record<string, string> }> {
  const answer = await fetch(`${proxy.address}/events/tickets`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, string> }; // a ticket or a problem
}
const codeOf = async (query: string): Promise<unknown> => {
  const answer = await fetch(`${proxy.address}/events?${query}`);
  const { code } = (await answer.json()) as { code: string }; // a problem
  return [answer.status, code];
};

describe('a ticket (S17)', () => {
  test('opens one stream of its own subjects, and no second one (T1, T2)', async () => {
    const { status, body } = await ask({ subjects: ['resource.ticket.>'] });
    expect([status, Object.keys(body)]).toEqual([201, ['ticket', 'expiresAt']]);
    expect(body['ticket']).toMatch(/^[A-Za-z0-9_-]{43}$/);
    // Refused requests, and HEAD, leave it as it is.
    expect(await codeOf(`ticket=${body['ticket']}&subject=resource.%3E`)).toEqual([400, 'ticket-has-subjects']);
    expect(await codeOf(`ticket=${body['ticket']}&lastEventId=x`)).toEqual([400, 'invalid-cursor']);
    await fetch(`${proxy.address}/events?ticket=${body['ticket']}`, { method: 'HEAD' });
    const client = await EventClient.open(proxy.address, `ticket=${body['ticket']}`);
    await client.until('it knows where it stands', () => client.lastEventId !== '');
    await broker.publish('resource.other.x', { n: 1 });
    await broker.publish('resource.ticket.x', { n: 2 });
    await client.untilEvents(1);
    expect(client.messages).toEqual([{ n: 2 }]);
    expect(await codeOf(`ticket=${body['ticket']}`)).toEqual([401, 'invalid-ticket']);
    client.close();
  });

  test('is not given for what could not be heard, or is no filter', async () => {
    expect(await ask({ subjects: ['notification.user.7.>'] })).toMatchObject({ status: 403 });
    expect(await ask({ subjects: ['resource..x'] })).toMatchObject({ status: 400, body: { code: 'illegal-filter' } });
    expect(await ask({ subjects: [] })).toMatchObject({ status: 400, body: { code: 'invalid-body' } });
    expect(await ask({ subjects: ['resource.>'], for: 'ever' })).toMatchObject({ status: 400 });
  });

  test('that was made up is worth nothing', async () => {
    expect(await codeOf('ticket=made-up')).toEqual([401, 'invalid-ticket']);
    expect(await codeOf('ticket=')).toEqual([401, 'invalid-ticket']);
  });
});
