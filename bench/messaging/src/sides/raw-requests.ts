// Asking and answering with nats.js by hand: JSON both ways, no headers, no validation, a connection for each end.
import { connect } from '@nats-io/transport-node';
import { inFlight } from '../in-flight.ts';
import { meterReading } from '../meter-reading.ts';
import { IN_FLIGHT } from '../stream.ts';
import type { Addresses } from './addresses.ts';

const SUBJECT = 'raw.meters.ReadMeter';
const TIMEOUT_MS = 10_000;

/** Returns how to ask `count` times, 256 at once. */
export async function startRequests({ host, port }: Addresses): Promise<(count: number) => Promise<void>> {
  const options = { servers: `${host}:${port}`, noAsyncTraces: true };
  const [server, caller] = [await connect(options), await connect(options)];
  server.subscribe(SUBJECT, {
    queue: 'meters',
    callback: (_error, message) => {
      const { meter } = message.json<{ readonly meter: string }>();
      message.respond(JSON.stringify({ meter, value: 7 }));
    },
  });
  await server.flush();
  const ask = async (index: number): Promise<number> => {
    const { meter } = meterReading(index);
    const reply = await caller.request(SUBJECT, JSON.stringify({ meter }), { timeout: TIMEOUT_MS });
    return reply.json<{ readonly value: number }>().value;
  };
  return (count) => inFlight(count, IN_FLIGHT, ask);
}
