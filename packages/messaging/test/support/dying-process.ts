// A process that dies at a chosen step, imitated within this one: what it asks of Postgres goes through a proxy, what it
// publishes through a wrapper, and each is a step. At its last step it dies before that is done, or after, and before it
// hears of it: its connections are gone, and nothing it awaits ever ends. Its code goes on in vain, as nothing it says
// is heard.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Publisher } from '@longwave/messaging';

export type Death = { readonly step: number; readonly when: 'before' | 'after' };

export type DyingProcess = {
  /** The address of Postgres, as this process has it. */
  readonly databaseUrl: string;
  /** Wraps the publisher of this process. */
  publisher(real: Publisher): Publisher;
  readonly isDead: () => boolean;
  /** Steps so far. */
  readonly steps: () => number;
  /** Ends what is left of it. */
  close(): Promise<void>;
};

const never = new Promise<never>(() => undefined);

/** `onDeath`: what else dies with it. */
export async function dyingProcess(
  databaseUrl: string,
  death: Death,
  onDeath: () => void = () => undefined,
): Promise<DyingProcess> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let [steps, isDead] = [0, false];
  const die = (): void => {
    if (isDead) return;
    isDead = true;
    for (const socket of sockets) socket.destroy();
    onDeath();
  };
  /** What becomes of the step that is due. */
  const step = (): 'done' | 'before' | 'after' => {
    steps += 1;
    return steps === death.step ? death.when : 'done';
  };
  const server = createServer((client) => {
    if (isDead) return void client.destroy();
    const postgres = connect(Number(target.port), target.hostname);
    let isDeaf = false;
    for (const socket of [client, postgres]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => [client, postgres].forEach((one) => one.destroy()));
    }
    client.on('data', (query) => {
      const end = step();
      if (end === 'before') return die();
      isDeaf = end === 'after';
      postgres.write(query);
    });
    // What Postgres answers is the proof that it has done it.
    postgres.on('data', (answer) => void (isDeaf ? die() : client.write(answer)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const own = new URL(databaseUrl);
  own.hostname = '127.0.0.1';
  // The address of a listening TCP server is never a path.
  own.port = String((server.address() as AddressInfo).port);
  return {
    databaseUrl: own.href,
    isDead: () => isDead,
    steps: () => steps,
    publisher: (real) => ({
      lastIdOn: (subject) => (isDead ? never : real.lastIdOn(subject)),
      publish: async (message, options) => {
        const end = isDead ? 'before' : step();
        if (end === 'before') return (die(), never);
        const stored = await real.publish(message, options);
        if (end === 'after') die();
        return isDead ? never : stored;
      },
    }),
    close: async () => {
      die();
      server.close();
      await once(server, 'close');
    },
  };
}
