// The state of a package does not depend on the order in which its messages are applied. Replicas, redeliveries and
// take-overs can bring about any order, so all of them are tried, without a broker.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { PackageMessage } from '@longwave/contracts';
import { createTestDatabase, testServerUrl, type TestDatabase } from '@longwave/database/testing';
import { decodeMessage, type Message } from '@longwave/messaging/contract';
import { createLogger } from '@longwave/runtime';
import { packageTypes, readPackageTelling } from '../src/domain/package-telling.ts';
import { openDatabase, type Database } from '../src/store/open-database.ts';
import { packageMessage } from './support/fleet-messages.ts';
import { migrations } from './support/station.ts';

let own: TestDatabase;
let database: Database;

beforeAll(async () => {
  own = await createTestDatabase({ serverUrl: testServerUrl(process.env), directory: migrations });
  const logger = createLogger({ service: 'resolver', replicaId: 'test', level: 'silent', pretty: false });
  database = openDatabase(own.url, { logger });
});

afterAll(async () => {
  await database.close();
  await own.drop();
});

/** A message as the stream would deliver it from this position. */
function delivered(
  kind: 'created' | 'updated',
  about: Partial<PackageMessage> & { name: string },
  at: Position,
): Message {
  const createdAt = new Date(Date.UTC(2026, 10, 21, 10, 0, at.sequence));
  const { subject, headers, payload } = packageMessage(kind, about, { createdAt });
  const stored = { stream: 'events', storedAt: createdAt, subject, headers, payload, ...at };
  const decoded = decodeMessage(packageTypes, stored);
  if (!decoded.ok) throw new Error(decoded.failure.reason);
  return decoded.message;
}

type Position = { readonly epoch: number; readonly sequence: number };

const apply = (message: Message): Promise<unknown> =>
  database.packages.apply('resolver', message, readPackageTelling(message));

function permutations<Item>(items: readonly Item[]): readonly Item[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((others) => [item, ...others]));
}

test('V2 every order of the same messages leads to the same package', async () => {
  const orders = permutations([1, 2, 3, 4]);
  for (const [index, order] of orders.entries()) {
    const name = `permuted-${index}`;
    for (const sequence of order) {
      const kind = sequence === 1 ? 'created' : 'updated';
      await apply(delivered(kind, { name, description: `d${sequence}` }, { epoch: 1, sequence }));
    }
    expect(await database.packages.find({ namespace: 'default', name, version: '1.0.0' })).toEqual({
      namespace: 'default',
      packageId: { name, version: '1.0.0' },
      description: 'd4',
      createdAt: '2026-11-21T10:00:01.000Z',
      updatedAt: '2026-11-21T10:00:04.000Z',
    });
  }
});

test('V2 two replicas that apply the messages of one package at the same time agree on the newest', async () => {
  const tellings = [1, 2, 3, 4, 5, 6].map((sequence) =>
    delivered('updated', { name: 'contended', description: `d${sequence}` }, { epoch: 1, sequence }),
  );
  await Promise.all([...tellings, ...tellings].map(apply));
  expect(await database.packages.find({ namespace: 'default', name: 'contended', version: '1.0.0' })).toMatchObject({
    description: 'd6',
    createdAt: '2026-11-21T10:00:01.000Z',
  });
});

test('V2 positions begin again with a new stream, and its messages count as later', async () => {
  await apply(delivered('created', { name: 'restarted', description: 'old stream' }, { epoch: 1, sequence: 90 }));
  await apply(delivered('updated', { name: 'restarted', description: 'new stream' }, { epoch: 2, sequence: 1 }));
  expect(await database.packages.find({ namespace: 'default', name: 'restarted', version: '1.0.0' })).toMatchObject({
    description: 'new stream',
  });
});
