// T1–T3, with a clock that is moved.
import { describe, expect, test } from '@jest/globals';
import { publicGrants } from '../domain/grant.ts';
import { TICKET_LIFE_MS, Tickets } from './tickets.ts';

const grant = publicGrants([]).grantOf({ authorization: undefined, cookie: undefined });

describe('a ticket', () => {
  test('is worth its grant and its subjects until it is used or too old (T1, T2)', () => {
    let [now, count] = [1_000_000, 0];
    const tickets = new Tickets({ now: () => new Date(now), secret: () => `secret ${(count += 1)}` });
    const first = tickets.issue(grant, ['a.>']);
    const second = tickets.issue(grant, ['b.>']);
    expect(first).toEqual({ secret: 'secret 1', expiresAt: new Date(now + TICKET_LIFE_MS) });
    expect(tickets.find('secret 1')).toMatchObject({ grant, subjects: ['a.>'] });
    tickets.use('secret 1');
    expect(tickets.find('secret 1')).toBeUndefined();
    now += TICKET_LIFE_MS - 1;
    expect(tickets.find(second?.secret ?? '')).toMatchObject({ subjects: ['b.>'] });
    now += 1;
    expect(tickets.find('secret 2')).toBeUndefined();
  });

  test('is refused when too many wait to be used, and given again when those are too old (T3)', () => {
    let [now, count] = [1_000_000, 0];
    const tickets = new Tickets({ now: () => new Date(now), secret: () => `secret ${(count += 1)}` });
    while (tickets.issue(grant, []) !== null) now += 0;
    expect(count).toBe(10_000);
    now += TICKET_LIFE_MS;
    expect(tickets.issue(grant, [])).not.toBeNull();
  });
});
