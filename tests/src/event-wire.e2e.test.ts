// What is published reaches a real browser as it reaches any other client, whatever it holds: through the gateway, the
// sse-proxy and Chromium's own EventSource. A failure says the seed; LONGWAVE_SEED repeats it.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { jetstream } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { EventSource } from 'eventsource';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './support/browser.ts';
import { startTestStation, type TestStation } from './support/test-station.ts';
import { until } from './support/until.ts';

const isSoak = process.env['LONGWAVE_SOAK'] === '1';
const MESSAGES = isSoak ? 20_000 : 500;
const seed = Number(process.env['LONGWAVE_SEED'] ?? Date.now() % 2 ** 32);
/** Of the web-platform-tests of EventSource and of the advisories about servers that were fooled. */
const TRAPS = [
  '\n', '\r', '\r\n', '\n\n', '\r\r', '\0', '\uFEFF', '\u2028', '"', '\\', ':', '}', '\n\ndata: forged\n\n', 'id: 1\n',
  '\r\revent: error\rdata: x\r\r', '","message":{}}', '\u{1F4FB}', '\uFEFFdata:1\n\n\uFEFFdata:2\n\ndata:3', 'data:\0\n\n',
  'data:test\n data\ndata\nfoobar:xxx\njustsometext\n:comment\ndata:test\n\n', 'retry:0\n', 'é', '</script>',
]; // prettier-ignore

type Event = readonly [data: string, id: string];
/** What the script in the page keeps. */
type Page = { readonly seen: Event[] };

let station: TestStation;
let browser: Browser;
let nats: NatsConnection;
beforeAll(async () => {
  browser = await launchBrowser();
  station = await startTestStation();
  nats = await connect({ servers: station.nats().url });
});
afterAll(async () => {
  await nats?.close();
  await browser?.close();
  await station?.stop();
});

/** A sequence of chance that is the same for the same seed (Lehmer's). */
function chance(): (below: number) => number {
  let state = (seed % 2_147_483_646) + 1;
  return (below) => (state = (state * 48_271) % 2_147_483_647) % below;
}

function payloads(): readonly Uint8Array[] {
  const below = chance();
  const text = (): string => Array.from({ length: below(5) }, () => TRAPS[below(TRAPS.length)]).join('');
  return Array.from({ length: MESSAGES }, () => {
    if (below(4) === 0) return Uint8Array.from({ length: below(40) }, () => below(256));
    if (below(2) === 0) return Buffer.from(text());
    return Buffer.from(`\n${JSON.stringify({ [text()]: text() }, null, '\r')}\r\n`);
  });
}

/** Of a subject that is only used here, so that what the station does by itself is not in it. */
const SUBJECT = 'resource.wire.test.1.updated';
const path = `/events?subject=${SUBJECT}`;

test(`of ${MESSAGES} hostile messages Chromium sees what any other client sees, and what was published`, async () => {
  const page = await browser.newPage();
  await page.goto(`${station.url}/`);
  await page.evaluate(async (url) => {
    const seen: [string, string][] = [];
    Object.assign(globalThis, { seen });
    const source = new globalThis.EventSource(url);
    source.addEventListener('message', ({ data, lastEventId }) => seen.push([String(data), lastEventId]));
    await new Promise((resolve) => source.addEventListener('open', resolve));
  }, path);
  const other: Event[] = [];
  const source = new EventSource(`${station.url}${path}`);
  source.addEventListener('message', ({ data, lastEventId }) => other.push([String(data), lastEventId]));
  await until('the other client is connected', () => source.readyState === source.OPEN);

  const published = payloads();
  const js = jetstream(nats);
  for (const payload of published) await js.publish(SUBJECT, payload);
  const inBrowser = (): Promise<Event[]> => page.evaluate(() => (globalThis as unknown as Page).seen);
  await until('both have heard everything', async () => {
    return other.length >= MESSAGES && (await inBrowser()).length >= MESSAGES;
  });
  source.close();
  const seen = await inBrowser();
  expect({ seed, events: seen }).toEqual({ seed, events: other });
  const whole = seen.map(([data]) => JSON.parse(data) as { message?: unknown; messageBase64?: string }); // as documented
  const read = whole.map(({ message, messageBase64 }) => messageBase64 ?? JSON.stringify(message));
  expect({ seed, read }).toEqual({ seed, read: published.map(asRead) });
});

function asRead(payload: Uint8Array): string {
  const text = Buffer.from(payload).toString('utf8');
  try {
    if (Buffer.from(text).equals(payload)) return JSON.stringify(JSON.parse(text));
  } catch {
    // It is no JSON, so it comes as base64.
  }
  return Buffer.from(payload).toString('base64');
}
