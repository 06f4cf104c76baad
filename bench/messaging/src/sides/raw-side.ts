// nats.js used by hand, as somebody would who knows it well: the same messages with the same headers as the package
// sends, `noAsyncTraces`, no validation. It imports nothing of the package.
import { jetstream, type JsMsg } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { randomUUIDv7 } from 'node:crypto';
import { inFlight, inSequence } from '../in-flight.ts';
import { measure, type Measurement, type Order } from '../measurement.ts';
import { meterReading, type MeterReading } from '../meter-reading.ts';
import { IN_FLIGHT, PREFETCH, STREAM } from '../stream.ts';
import { readAddresses } from './addresses.ts';
import { headersOf, setExpiry } from './raw-headers.ts';
import { startRequests } from './raw-requests.ts';
import { serveOrders } from './serve-orders.ts';

const addresses = readAddresses(process.argv[2]);
const { host, port } = addresses;
const connection = await connect({ servers: `${host}:${port}`, noAsyncTraces: true });
const js = jetstream(connection);

async function publish(index: number): Promise<void> {
  const data = meterReading(index);
  const id = randomUUIDv7();
  const createdAt = new Date();
  const payload = JSON.stringify({ version: 1, createdAt: createdAt.toISOString(), data });
  const said = headersOf(id, 'longwave.MeterRead.v1', createdAt);
  said.set('ce-partitionkey', `meter/${data.meter}`);
  setExpiry(said, createdAt);
  await js.publish(`bench.meter.${data.meter}.read`, payload, { msgID: id, headers: said });
}

/** What a handler would need of a message; returned, so that no compiler leaves it out. */
function read(message: JsMsg): number {
  const { data } = message.json<{ readonly data: MeterReading }>();
  const said = message.headers;
  const expiresAt = Date.parse(said?.get('ce-expirytime') ?? '');
  if (expiresAt <= Date.now()) return 0;
  return (said?.get('ce-id') + (said?.get('ce-type') ?? '') + (said?.get('traceparent') ?? '')).length + data.value;
}

async function consumeByCallback({ count, consumer: name }: Order): Promise<Measurement> {
  return measure(count, async () => {
    const consumer = await js.consumers.get(STREAM, name);
    const all = Promise.withResolvers<void>();
    let [seen, sum] = [0, 0];
    const messages = await consumer.consume({
      max_messages: PREFETCH,
      callback: (message) => {
        sum += read(message);
        message.ack();
        if (++seen === count) all.resolve();
      },
    });
    await all.promise;
    messages.stop();
    await connection.flush();
    if (sum === 0) throw new Error('nothing was read');
  });
}

async function consumeByIterator({ count, consumer: name }: Order): Promise<Measurement> {
  return measure(count, async () => {
    const consumer = await js.consumers.get(STREAM, name);
    let [seen, sum] = [0, 0];
    const messages = await consumer.consume({ max_messages: PREFETCH });
    for await (const message of messages) {
      sum += read(message);
      message.ack();
      if (++seen === count) break;
    }
    messages.stop();
    await connection.flush();
    if (sum === 0) throw new Error('nothing was read');
  });
}

const requests = await startRequests(addresses);

serveOrders({
  publish: ({ count }) => measure(count, () => inFlight(count, IN_FLIGHT, publish)),
  'publish in sequence': ({ count }) => measure(count, () => inSequence(count, publish)),
  'consume by callback': consumeByCallback,
  'consume by iterator': consumeByIterator,
  request: ({ count }) => measure(count, () => requests.like(count)),
  'request without headers': ({ count }) => measure(count, () => requests.bare(count)),
});
