// Asking and answering with nats.js by hand: JSON both ways, a connection for each end, no validation. With the headers
// that the package sends, written and read; and without any.
import { connect, type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';
import { randomUUIDv7 } from 'node:crypto';
import { inFlight } from '../in-flight.ts';
import { meterReading } from '../meter-reading.ts';
import { IN_FLIGHT } from '../stream.ts';
import type { Addresses } from './addresses.ts';
import { headersOf, setExpiry } from './raw-headers.ts';

const SUBJECT = 'raw.meters.ReadMeter';
const BARE_SUBJECT = 'raw.meters.ReadMeterBarely';
const TIMEOUT_MS = 10_000;

/** Asks `count` times, 256 at once. */
type Ask = (count: number) => Promise<void>;

export async function startRequests({ host, port }: Addresses): Promise<{ readonly like: Ask; readonly bare: Ask }> {
  const options = { servers: `${host}:${port}`, noAsyncTraces: true };
  const [server, caller] = [await connect(options), await connect(options)];
  server.subscribe(SUBJECT, { queue: 'meters', callback: (_error, message) => answer(message) });
  server.subscribe(BARE_SUBJECT, { queue: 'meters', callback: (_error, message) => answerBarely(message) });
  await server.flush();
  return {
    like: (count) => inFlight(count, IN_FLIGHT, (index) => ask(caller, index)),
    bare: (count) => inFlight(count, IN_FLIGHT, (index) => askBarely(caller, index)),
  };
}

async function ask(caller: NatsConnection, index: number): Promise<number> {
  const { meter } = meterReading(index);
  const [headers, payload] = messageOf('longwave.ReadMeter.v1', { meter });
  const reply = await caller.request(SUBJECT, payload, { timeout: TIMEOUT_MS, headers });
  if (Number(reply.headers?.get('lw-status')) >= 300) throw new Error('it was refused');
  return reply.json<{ readonly data: { readonly value: number } }>().data.value;
}

/** What the package gives a handler, and the reply that follows from it. */
function answer(message: Msg): void {
  const said = message.headers;
  const expiresAt = Date.parse(said?.get('ce-expirytime') ?? '');
  if (expiresAt <= Date.now()) return;
  const { data } = message.json<{ readonly data: { readonly meter: string } }>();
  const context = ['ce-type', 'ce-correlationid', 'ce-actor', 'traceparent'].map((name) => said?.get(name) ?? '');
  if (context.includes('')) throw new Error('the request lacks a header');
  const [headers, payload] = messageOf(
    'longwave.ReadMeterReply.v1',
    { meter: data.meter, value: 7 },
    said?.get('ce-id'),
  );
  message.respond(payload, { headers });
}

/** `causationId`: the request's, for a reply. */
function messageOf(type: string, data: unknown, causationId?: string): readonly [MsgHdrs, string] {
  const [id, createdAt] = [randomUUIDv7(), new Date()];
  const said = headersOf(id, type, createdAt, causationId);
  said.set('Nats-Msg-Id', id);
  if (causationId === undefined) setExpiry(said, createdAt);
  else said.set('lw-status', '200');
  return [said, JSON.stringify({ version: 1, createdAt: createdAt.toISOString(), data })];
}

async function askBarely(caller: NatsConnection, index: number): Promise<number> {
  const { meter } = meterReading(index);
  const reply = await caller.request(BARE_SUBJECT, JSON.stringify({ meter }), { timeout: TIMEOUT_MS });
  return reply.json<{ readonly value: number }>().value;
}

function answerBarely(message: Msg): void {
  const { meter } = message.json<{ readonly meter: string }>();
  message.respond(JSON.stringify({ meter, value: 7 }));
}
