import { expect, test } from '@jest/globals';
import { encodeMetadata, type Metadata } from '@longwave/messaging/contract';
import { describedHeaders } from './described-headers.ts';

const least: Metadata = {
  id: '019f9eac-0000-7000-8000-000000000001',
  source: { instance: 'steering', replica: 'a1' },
  ceType: 'longwave.PackageCreated.v1',
  time: new Date('2026-11-21T12:00:00.000Z'),
  key: 'package/default/playout-engine/1.4.0',
  correlationId: 'c1',
};
const most: Metadata = {
  ...least,
  causationId: 'm0',
  actor: 'user:7',
  expiresAt: least.time,
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  tracestate: 'vendor=1',
};

const names = (headers: object): readonly string[] => Object.keys(headers).toSorted();

test('the headers that are described are those that are written', () => {
  expect(names(encodeMetadata(most))).toEqual(describedHeaders.map(({ name }) => name).toSorted());
});

test('the headers that are said to be always there are always there', () => {
  const always = describedHeaders.filter((header) => header.always).map(({ name }) => name);
  expect(names(encodeMetadata(least))).toEqual(always.toSorted());
});
