// What every row is measured on: Postgres and nats-server as in production, but for the fsync of nats-server; steering as
// it is, and steering without its outbox, each with a database of its own on that Postgres.
import { startPostgres } from '@longwave/embedded';
import { startBroker, type Broker } from '@longwave/streams/testing';
import { cpuMs } from './cpu-meter.ts';
import { startSteering, type Steering } from './steering-process.ts';

export type Stage = {
  readonly broker: Broker;
  readonly steering: Steering;
  readonly withoutOutbox: Steering;
  /** CPU time of Postgres, nats-server and that steering since they were started, in milliseconds. */
  cpuMs(steering: Steering): Promise<number>;
  stop(): Promise<void>;
};

export async function openStage(): Promise<Stage> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const stopOne of stops.splice(0).toReversed()) await stopOne();
  };
  try {
    const postgres = await startPostgres();
    stops.push(() => postgres.stop());
    const broker = await startBroker({ syncInterval: '2m' });
    stops.push(() => broker.stop());
    const start = async (name: string, hasOutbox: boolean): Promise<Steering> => {
      const steering = await startSteering(name, { serverUrl: postgres.url, broker, hasOutbox });
      stops.push(() => steering.stop());
      return steering;
    };
    return {
      broker,
      steering: await start('steering', true),
      withoutOutbox: await start('without_outbox', false),
      cpuMs: (steering) => cpuMs([postgres.pid, broker.nats().pid, steering.pid]),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
