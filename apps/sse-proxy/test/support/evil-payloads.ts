// Messages as a publisher would make them who wants to break the framing, by the thousand, from a seed. fast-check would
// shrink what fails; for a million it is too slow.
import type { StoredMessage } from '@longwave/messaging/contract';

/** What the web-platform-tests of EventSource feed to browsers (eventsource/format-*), here as what somebody publishes. */
export const webPlatformInputs: readonly string[] = [
  '\uFEFFdata:1\n\n\uFEFFdata:2\n\ndata:3',
  '\uFEFF\uFEFFdata:1\n\ndata:2\n\ndata:3',
  `data:1\r:\0\n:\r\ndata:2\n:${'x'.repeat(2_048)}\rdata:3\n:data:fail\r:${'x'.repeat(2_048)}\rdata:4\n`,
  'data:test1\n\nid:test\ndata:test2',
  'data:\n\ndata\ndata\n\ndata:test\n\n',
  'event: \ndata:data\n\n',
  'event:test\ndata:x\n\ndata:x\n\n',
  'id: 1\ndata: 1\n\nid\ndata: 2\n\n',
  'id\ndata: 1\n\n',
  'id:\0\0\ndata: 1\n\n',
  'data:\0\ndata:  2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\rdata_5\ndata:3\rdata:\r\n data:32\ndata:4\n\n',
  'retry:3000\n\ndata:x\n\n',
  'retry:3000\nretry:1000x\ndata:x\n\n',
  'retry\ndata:test\n\n',
  'data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\ndata:test\n\n',
  'data:\ttest\rdata: \ndata:test\n\n',
  'data:test\r\ndata\ndata:test\r\n\r\n',
  'data:\0\n\n\n\n',
  'data:ok…\n\n',
  'data:\xc0\xaf\n\n',
];

const TRAPS: readonly string[] = [
  '\n', '\r', '\r\n', '\n\n', '\r\r', '\0', '\uFEFF', '\u2028', '\u2029', '\u0085', '"', '\\', '\\n', '\\u000a', ':', ' ',
  '}', '{', '[', ']', ',', '"}\n\n', '\n\ndata: forged\n\n', '\r\revent: error\rdata: x\r\r', 'id: 1\n', 'retry: 0\n',
  '","message":{}}', '","id":"x', '\u{1F4FB}', '</script>', 'é', '\x7f', '\x1b[31m', 'data', 'event: open\n', '\t',
  ...webPlatformInputs,
]; // prettier-ignore

export type Random = { readonly next: () => number; readonly below: (limit: number) => number };

/** Mulberry32. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, below: (limit) => Math.floor(next() * limit) };
}

/** Bytes, text, or JSON with white space that ends lines, all made of what breaks things. */
export function evilPayload(random: Random): Buffer {
  const pick = (): string => TRAPS[random.below(TRAPS.length)] ?? '';
  const text = (): string => Array.from({ length: random.below(6) }, pick).join('');
  switch (random.below(4)) {
    case 0:
      return Buffer.from(Array.from({ length: random.below(60) }, () => random.below(256)));
    case 1:
      return Buffer.from(text(), random.below(2) === 0 ? 'utf8' : 'latin1');
    case 2:
      return Buffer.from(`\r\n${JSON.stringify({ [text()]: text(), n: random.below(1e9) }, null, '\n')}\r`);
    default:
      return Buffer.from(JSON.stringify(text()));
  }
}

export function evilMessage(random: Random, sequence: number): StoredMessage {
  const id = TRAPS[random.below(TRAPS.length)] ?? '';
  return {
    stream: 's',
    epoch: 1,
    sequence,
    storedAt: new Date(random.below(2 ** 31) * 1_000),
    subject: `a.${random.below(1_000).toString(36)}.!"#$%&'()+,-/:;<=?@[]^_{|}~`,
    headers: random.below(2) === 0 ? {} : { 'Nats-Msg-Id': id },
    payload: evilPayload(random),
  };
}
