// What cannot be worked on is refused before anything starts (S4).
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { event } from '../contract/message-type.ts';
import { checkQueues } from './check-queues.ts';
import { eventPipeline, type EventRoute } from './event-pipeline.ts';

const schema = z.object({ a: z.string(), b: z.string() });
const example = { a: '1', b: '2' };
const key = (): string => 'k';

function routeOf<const Template extends string>(name: string, subject: Template): EventRoute {
  // The tests build no subject, so every parameter may be anything.
  const address = () => example as never;
  return eventPipeline().on(event(name, { version: 1, subject, address, key, schema, example }), () => undefined);
}
const queue = (...routes: EventRoute[]) => ({ stream: 'events', consumer: 'group', routes });

describe('S4: refused is', () => {
  test('a queue that is there twice', () => {
    const twice = [queue(routeOf('A', 'a.{a}')), queue(routeOf('B', 'b.{b}'))];
    expect(() => checkQueues(twice)).toThrow('events/group is there twice');
  });

  test('a queue without a route', () => {
    expect(() => checkQueues([queue()])).toThrow('events/group has no route');
  });

  test.each([
    ['the same template', 'meter.{a}', 'meter.{b}'],
    ['a word where the other has a parameter', 'meter.{a}.read', 'meter.m1.{b}'],
    ['the same words', 'meter.read', 'meter.read'],
  ])('two routes that could take one message: %s', (_what, one, other) => {
    expect(() => checkQueues([queue(routeOf('A', one), routeOf('B', other))])).toThrow('could take the same message');
  });
});

test('S4: routes that never meet are taken, and so is one stream with two groups', () => {
  const routes = [routeOf('A', 'meter.{a}.read'), routeOf('B', 'meter.{a}.gone'), routeOf('C', 'meter.{a}')];
  const queues = [queue(...routes), { ...queue(...routes), consumer: 'other' }];
  expect(() => checkQueues(queues)).not.toThrow();
});
