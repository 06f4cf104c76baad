// The package as a service uses it: typed, validated, with ids, expiry and trace.
import { type ConsumptionOptions, startConsumption, systemTime } from '@longwave/messaging';
import { connectJetStream } from '@longwave/messaging/jetstream';
import { inFlight, inSequence } from '../in-flight.ts';
import { measure, type Measurement, type Order } from '../measurement.ts';
import { IN_FLIGHT, PREFETCH, STREAM } from '../stream.ts';
import { readAddresses } from './addresses.ts';
import { MeterRead, meterRead, source } from './meter-read.ts';
import { startRequests } from './package-requests.ts';
import { quietLog } from './quiet-log.ts';
import { serveOrders } from './serve-orders.ts';

/** A consumption prefetches four messages per handler that may run. */
const CONCURRENCY = PREFETCH / 4;
const STOP_WITHIN_MS = 5_000;

const addresses = readAddresses(process.argv[2]);
const { host, port } = addresses;
const backend = connectJetStream({ host, port, name: 'bench', log: quietLog });

const publish = (index: number): Promise<unknown> => backend.publisher.publish(meterRead(index));

async function consume({ count, consumer }: Order): Promise<Measurement> {
  const all = Promise.withResolvers<void>();
  let seen = 0;
  const options: ConsumptionOptions = {
    stream: STREAM,
    consumer,
    types: [MeterRead],
    handler: async () => {
      if (++seen === count) all.resolve();
    },
    source,
    log: quietLog,
    time: systemTime,
    random: Math.random,
    concurrency: CONCURRENCY,
  };
  return measure(count, async () => {
    const consumption = startConsumption(backend, options);
    await all.promise;
    // The last one is acknowledged once its handler has returned; stopping waits for that, and flushes.
    await consumption.stop({ withinMs: STOP_WITHIN_MS });
  });
}

const request = await startRequests(addresses);

serveOrders({
  publish: ({ count }) => measure(count, () => inFlight(count, IN_FLIGHT, publish)),
  'publish in sequence': ({ count }) => measure(count, () => inSequence(count, publish)),
  consume,
  request: ({ count }) => measure(count, () => request(count)),
});
