// A broker with the real streams and a group `resolver` that gives up what the test says, beside one that never fails.
import { PackageCreated } from '@longwave/contracts';
import { quietLog, until } from '@longwave/embedded/testing';
import { Reject, startConsumption, systemTime, type Consumption } from '@longwave/messaging';
import { encodeMessage, type OutgoingMessage } from '@longwave/messaging/contract';
import { listDeadLetters, type DeadLetter } from '@longwave/messaging/dead-letters';
import { startBroker, type Broker } from '@longwave/streams/testing';

export type Station = {
  readonly broker: Broker;
  /** Names of packages that the group rejects; what is in it when a message comes counts. */
  readonly failing: Set<string>;
  /** What `resolver` has handled, and what the group beside it has been given: names of packages. */
  readonly handled: string[];
  readonly others: string[];
  /** Publishes a package for each name, and resolves when those of `failing` among them are dead letters. */
  giveUp(...names: readonly string[]): Promise<readonly DeadLetter[]>;
  letters(): Promise<readonly DeadLetter[]>;
  /** Every redriven message that the stream of dead letters has: which package, and where that had been. */
  redriven(): Promise<readonly { readonly name: string; readonly place: string }[]>;
  stop(): Promise<void>;
};

const source = { instance: 'steering', replica: 'steering-1' };

export function packageMessage(name: string): OutgoingMessage {
  const id = globalThis.crypto.randomUUID();
  const draft = PackageCreated.of({ namespace: 'default', packageId: { name, version: '1.0.0' } });
  return encodeMessage(draft, { id, createdAt: new Date(), source, cause: { correlationId: `c-${name}` } });
}

export async function startStation(): Promise<Station> {
  const broker = await startBroker({ syncInterval: '2m' });
  await addOtherGroup(broker);
  const failing = new Set<string>();
  const [handled, others]: [string[], string[]] = [[], []];
  const groups = [
    startGroup(broker, 'resolver', true, (name) => {
      if (failing.has(name)) throw new Reject(`no room for ${name}`);
      handled.push(name);
    }),
    startGroup(broker, 'other', false, (name) => void others.push(name)),
  ];
  const letters = async (): Promise<readonly DeadLetter[]> =>
    (await listDeadLetters(broker.backend.reader, {}, AbortSignal.timeout(10_000))).letters;
  return {
    broker,
    failing,
    handled,
    others,
    letters,
    redriven: () => redrivenIn(broker),
    giveUp: async (...names) => {
      const before = (await letters()).length;
      for (const name of names) failing.add(name);
      await broker.publish(...names.map(packageMessage));
      return until(`${names.length} dead letters`, async () => {
        const all = await letters();
        return all.length === before + names.length ? all.slice(before) : undefined;
      });
    },
    stop: async () => {
      await Promise.all(groups.map((group) => group.stop({ withinMs: 2_000 })));
      await broker.stop();
    },
  };
}

async function redrivenIn({ backend: { reader } }: Broker): ReturnType<Station['redriven']> {
  const { first, last } = await reader.bounds('dead-letter');
  const range = { from: first, to: last, filters: ['dead-letter.events.resolver.redrive.>'] };
  const found: { name: string; place: string }[] = [];
  for await (const batch of reader.replay('dead-letter', range, AbortSignal.timeout(10_000))) {
    for (const { subject, headers } of batch) {
      found.push({ name: nameIn(headers['lw-original-subject'] ?? ''), place: subject });
    }
  }
  return found;
}

/** A second group of the same messages. */
async function addOtherGroup({ manager }: Broker): Promise<void> {
  const { config } = await manager.consumers.info('events', 'resolver');
  await manager.consumers.add('events', { ...config, name: 'other', durable_name: 'other' });
}

function startGroup(broker: Broker, consumer: string, redrives: boolean, handle: (name: string) => void): Consumption {
  return startConsumption(broker.backend, {
    stream: 'events',
    consumer,
    types: [PackageCreated],
    handler: async ({ stored }) => handle(nameIn(stored.subject)),
    source,
    log: quietLog,
    time: systemTime,
    random: Math.random,
    redrives,
  });
}

function nameIn(subject: string): string {
  return PackageCreated.subject.match(subject)?.['name'] ?? '';
}
