// What traces cost, and what it costs to have none: the CPU of publishing a message and of handling it, on a broker in
// memory, so that nothing of a network is in it. No goal but one: what is not traced must not be told from what never
// could be.
import { startConsumption, systemTime, type Backend, type Handler } from '@longwave/messaging';
import { encodeMessage, type OutgoingMessage } from '@longwave/messaging/contract';
import { createMemoryBackend, type MemoryBackend } from '@longwave/messaging/memory';
import { traceMessages, type MessageTracing } from '@longwave/messaging/opentelemetry';
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  TracerProvider,
  type Sampler,
} from '@opentelemetry/sdk-trace';
import { meterReading } from './meter-reading.ts';
import { MeterRead } from './sides/meter-read.ts';
import { quietLog as log } from './sides/quiet-log.ts';
import { median } from './statistics.ts';

const MESSAGES = 5_000;
const ROUNDS = 15;
const GROUP = { stream: 'events', consumer: 'group' };
const source = { instance: 'bench', replica: 'bench-1' };

type Costs = { readonly publishUs: number; readonly handleUs: number };
type Wrap = { readonly backend: (memory: Backend) => Backend; readonly handler: (handler: Handler) => Handler };

/** Prints the median CPU of each way, in microseconds for each message. */
export async function measureTracing(): Promise<void> {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const ways: Readonly<Record<string, Wrap>> = {
    'never heard of traces': { backend: (backend) => backend, handler: (handler) => handler },
    'no tracer': wrapOf(await traceMessages(undefined, [MeterRead])),
    'a trace that is not kept': wrapOf(await traceMessages(tracerOf(new AlwaysOffSampler()), [MeterRead])),
    'a trace that is kept': wrapOf(await traceMessages(tracerOf(new AlwaysOnSampler()), [MeterRead])),
  };
  const names = Object.keys(ways);
  const costs = new Map(names.map((name) => [name, [] as Costs[]]));
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const name of [...names.slice(round % names.length), ...names.slice(0, round % names.length)]) {
      const wrap = ways[name];
      if (wrap === undefined) continue;
      const measured = await measure(wrap);
      if (round >= 0) costs.get(name)?.push(measured);
    }
  }
  console.log(`\nCPU of one message, µs: median (smallest–largest) of ${ROUNDS} interleaved rounds of ${MESSAGES}\n`);
  for (const [name, rounds] of costs) {
    const publish = inWords(rounds.map(({ publishUs }) => publishUs));
    const handle = inWords(rounds.map(({ handleUs }) => handleUs));
    console.log(`${name.padEnd(26)} publish ${publish}   handle ${handle}`);
  }
}

/** The median, and in brackets the smallest and the largest. */
function inWords(values: readonly number[]): string {
  const [middle, smallest, largest] = [median(values), Math.min(...values), Math.max(...values)];
  return `${middle.toFixed(1).padStart(5)} (${smallest.toFixed(1)}–${largest.toFixed(1)})`.padEnd(20);
}

function wrapOf(tracing: MessageTracing): Wrap {
  return { backend: (backend) => tracing.backend(backend), handler: (handler) => tracing.handler(GROUP, handler) };
}

function tracerOf(sampler: Sampler) {
  const exporter = {
    export: (_spans: unknown, done: (result: { readonly code: number }) => void) => done({ code: 0 }),
    shutdown: () => Promise.resolve(),
  };
  const processor = new BatchSpanProcessor({ exporter, scheduledDelayMillis: 100, maxQueueSize: MESSAGES * 2 });
  return new TracerProvider({ sampler, spanProcessors: [processor] }).getTracer('bench');
}

async function measure({ backend: wrap, handler: trace }: Wrap): Promise<Costs> {
  const memory = createMemoryBackend({ time: systemTime });
  memory.addStream('events', ['>']);
  const backend = wrap(memory);
  const messages = Array.from({ length: MESSAGES }, (_, index) => message(index));
  const publishUs = await cpuUs(async () => {
    for (const one of messages) await backend.publisher.publish(one);
  });
  const handleUs = await cpuUs(() => handleAll(memory, trace));
  return { publishUs: publishUs / MESSAGES, handleUs: handleUs / MESSAGES };
}

async function handleAll(memory: MemoryBackend, trace: (handler: Handler) => Handler): Promise<void> {
  memory.addConsumer('events', GROUP.consumer);
  const done = Promise.withResolvers<void>();
  let handled = 0;
  const handler = trace(async () => {
    handled += 1;
    if (handled === MESSAGES) done.resolve();
  });
  const options = { ...GROUP, types: [MeterRead], handler, source, log, time: systemTime, random: Math.random };
  const consumption = startConsumption(memory, { ...options, concurrency: 250 });
  await done.promise;
  await consumption.stop({ withinMs: 1_000 });
}

async function cpuUs(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

function message(index: number): OutgoingMessage {
  const about = { id: `${index}`, createdAt: new Date(), source, cause: { correlationId: 'c' } };
  return encodeMessage(MeterRead.of(meterReading(index)), about);
}
