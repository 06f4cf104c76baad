// nats.js used by hand, as somebody would who knows it well: the same messages with the same headers as the package
// sends, `noAsyncTraces`, no validation. It imports nothing of the package.
import { jetstream, type JsMsg } from '@nats-io/jetstream';
import { connect, headers, type MsgHdrs } from '@nats-io/transport-node';
import { randomUUIDv7 } from 'node:crypto';
import { inFlight, inSequence } from '../in-flight.ts';
import { measure, type Measurement, type Order } from '../measurement.ts';
import {
  ACTOR,
  CAUSATION_ID,
  CORRELATION_ID,
  INSTANCE,
  meterReading,
  type MeterReading,
  REPLICA,
  TIMEOUT_MS,
  TRACEPARENT,
} from '../meter-reading.ts';
import { IN_FLIGHT, PREFETCH, STREAM } from '../stream.ts';
import { readAddresses } from './addresses.ts';
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
  await js.publish(`bench.meter.${data.meter}.read`, payload, { msgID: id, headers: headersOf(id, createdAt, data) });
}

function headersOf(id: string, createdAt: Date, data: MeterReading): MsgHdrs {
  const said = headers();
  said.set('ce-specversion', '1.0');
  said.set('ce-id', id);
  said.set('ce-source', `/${INSTANCE}/${REPLICA}`);
  said.set('ce-type', 'longwave.MeterRead.v1');
  said.set('ce-time', createdAt.toISOString());
  said.set('ce-datacontenttype', 'application/json');
  said.set('ce-correlationid', CORRELATION_ID);
  said.set('ce-partitionkey', `meter/${data.meter}`);
  said.set('ce-causationid', CAUSATION_ID);
  said.set('ce-actor', ACTOR);
  said.set('ce-expirytime', new Date(createdAt.getTime() + TIMEOUT_MS).toISOString());
  said.set('traceparent', TRACEPARENT);
  return said;
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
  const consumer = await js.consumers.get(STREAM, name);
  return measure(count, async () => {
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
  const consumer = await js.consumers.get(STREAM, name);
  return measure(count, async () => {
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

const request = await startRequests(addresses);

serveOrders({
  publish: ({ count }) => measure(count, () => inFlight(count, IN_FLIGHT, publish)),
  'publish in sequence': ({ count }) => measure(count, () => inSequence(count, publish)),
  'consume by callback': consumeByCallback,
  'consume by iterator': consumeByIterator,
  request: ({ count }) => measure(count, () => request(count)),
});
