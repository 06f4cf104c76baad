#!/usr/bin/env node
// `sse-checker <target>`: runs a check and prints its verdict. Exits with 0 when nothing was violated, 1 when something
// was, 2 when it could not be found out.
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { check, type Verdict } from './check.ts';
import type { Target } from './target.ts';

const HELP = `sse-checker <target.ts> [options]

  Holds clients open on an event stream, publishes numbered messages, kills whatever may be killed, and says whether a
  client lost a message, had one twice or out of order without being told of a gap.

  <target.ts> exports \`target\`: { url, publish(message), read(event), faults? }, or a function that resolves to one.
  See the README for an example.

  --clients N       how many listen (100)
  --channels N      how many sequences are published side by side (4)
  --rate N          messages a second, of all channels together (100)
  --seconds N       how long it goes on (60)
  --fault-every S   seconds between faults, on average; 0: none (3)
  --settle S        how long clients may take to catch up at the end (60)
  --seed N          strike as an earlier run did (default: a new one, which is printed)
`;

const EXIT = { kept: 0, violated: 1, unknown: 2 } as const;
const SHOWN_MAX = 20;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      clients: { type: 'string', default: '100' },
      channels: { type: 'string', default: '4' },
      rate: { type: 'string', default: '100' },
      seconds: { type: 'string', default: '60' },
      'fault-every': { type: 'string', default: '3' },
      settle: { type: 'string', default: '60' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
      help: { type: 'boolean', default: false },
    },
  });
  const [path] = positionals;
  if (values.help || path === undefined) {
    console.log(HELP);
    return values.help ? EXIT.kept : EXIT.unknown;
  }
  const faultEveryMs = numberOf(values['fault-every'], 'fault-every') * 1_000;
  const seed = numberOf(values.seed, 'seed');
  console.log(`seed ${seed}`);
  const verdict = await check(await loadTarget(path), {
    clients: numberOf(values.clients, 'clients'),
    channels: numberOf(values.channels, 'channels'),
    messagesPerSecond: numberOf(values.rate, 'rate'),
    durationMs: numberOf(values.seconds, 'seconds') * 1_000,
    settleWithinMs: numberOf(values.settle, 'settle') * 1_000,
    faultEveryMs: faultEveryMs === 0 ? Infinity : faultEveryMs,
    seed,
    onProgress: (text) => console.log(`  ${text}`),
  });
  console.log(textOf(verdict));
  return verdict.violations.length === 0 ? EXIT.kept : EXIT.violated;
}

function numberOf(text: string, name: string): number {
  const value = Number(text);
  if (text !== '' && value >= 0) return value;
  throw new Error(`--${name} ${text} is not a number from 0 up`);
}

async function loadTarget(path: string): Promise<Target> {
  // Whatever the module exports is used as the target it says it is.
  const { target } = (await import(pathToFileURL(path).href)) as { target?: Target | (() => Promise<Target>) };
  if (target === undefined) throw new Error(`${path} does not export \`target\``);
  return typeof target === 'function' ? target() : target;
}

function textOf({ published, delivered, connections, gaps, faults, refusals, violations }: Verdict): string {
  const struck = Object.entries(faults).map(([name, count]) => `${name} ${count}×`);
  const shown = violations.slice(0, SHOWN_MAX).map(({ kind, client, channel, expected, received }) => {
    const came = received === null ? 'and it never came' : `and ${received} came`;
    return `  ${kind}: client ${client}, channel ${channel}: ${expected} was next, ${came}`;
  });
  return [
    `${published} published, ${delivered} delivered over ${connections} connections, ${gaps} gaps announced`,
    `faults: ${struck.join(', ') || 'none'}`,
    ...(refusals.length > 0
      ? [`${refusals.length} answers on which a browser gives up: ${[...new Set(refusals)].join(', ')}`]
      : []),
    ...shown,
    `${violations.length} violations`,
  ].join('\n');
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(EXIT.unknown);
  },
);
