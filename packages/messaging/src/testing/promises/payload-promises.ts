// What a back-end promises about payloads that are no text: every byte of them arrives, with what it is said to be, in every
// hand. The codec is the suite's own and as plain as can be: back-ends know nothing of codecs, and no library is needed.
import assert from 'node:assert/strict';
import { z } from 'zod';
import { startConsumption } from '../../consume/consumption.ts';
import type { Message, StoredMessage } from '../../contract/decode.ts';
import { encodeMessage, type OutgoingMessage } from '../../contract/encode.ts';
import { event } from '../../contract/message-type.ts';
import type { PayloadCodec } from '../../contract/payload.ts';
import { request } from '../../contract/targeted-type.ts';
import { Reject } from '../../errors.ts';
import { startPeer } from '../../request/peer.ts';
import { promise, promiseIf } from '../backend-promise.ts';
import { suiteSource } from '../reading.ts';
import { silent, STREAM, type Stage } from '../stage.ts';

const CONTENT_TYPE = 'application/x-conformance';
const CREATED_AT = '2026-11-21T12:00:00.000Z';

/** The version, then the data: a time would only make it longer. */
const frames: PayloadCodec<Uint8Array> = {
  contentType: CONTENT_TYPE,
  encodeData: (bytes) => bytes,
  decodeData: (carried) => carried,
  encode: ({ version, data }) => new Uint8Array([version, ...(data instanceof Uint8Array ? data : [])]),
  decode: ([version, ...data]) => ({ version, createdAt: CREATED_AT, data: new Uint8Array(data) }),
};

const bytes = z.instanceof(Uint8Array);
/** With line breaks, a NUL, and what is no UTF-8. */
const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, value) => value);

const Frame = event('ConformanceFrame', {
  version: 1,
  subject: 'conformance.frame.{station}',
  address: () => ({ station: 'one' }),
  key: () => 'frame',
  payload: frames,
  schema: bytes,
  example: EVERY_BYTE,
});

const Echo = request('ConformanceEcho', {
  version: 1,
  protocol: 'frames',
  timeoutMs: 5_000,
  payload: { input: frames, output: frames },
  input: bytes,
  output: bytes,
  example: { input: EVERY_BYTE, output: EVERY_BYTE },
});

function frame(id: string): OutgoingMessage {
  const context = { id, createdAt: new Date(CREATED_AT), source: suiteSource, cause: { correlationId: id } };
  return encodeMessage(Frame.of(EVERY_BYTE), context);
}

/** Publishes `messages`, hands them to `handler`, and stops when `isOver`. */
async function consumeFrames(
  stage: Stage,
  messages: readonly OutgoingMessage[],
  handler: (message: Message) => void,
  isOver: () => Promise<boolean>,
): Promise<void> {
  await stage.addConsumer('frames', { filter: 'conformance.frame.*' });
  for (const message of messages) await stage.during(stage.backend.publisher.publish(message));
  const consumption = startConsumption(stage.backend, {
    stream: STREAM,
    consumer: 'frames',
    types: [Frame],
    handler: async (message) => handler(message),
    source: suiteSource,
    log: silent,
    time: stage.broker.time,
    random: () => 0.5,
  });
  await stage.until('they are dealt with', isOver);
  await stage.during(consumption.stop({ withinMs: 1_000 }));
}

const lettersOf = (stage: Stage, count: number) => async (): Promise<boolean> =>
  (await stage.contents('dead-letter')).length === count;

function isTheFrame({ payload, headers }: StoredMessage): void {
  assert.deepEqual(new Uint8Array(payload), frame('x').payload);
  assert.equal(headers['ce-datacontenttype'], CONTENT_TYPE);
}

export const payloadPromises = [
  promise('every byte of a payload arrives, with its content type, however it is read', async (stage) => {
    const handled: unknown[] = [];
    await consumeFrames(
      stage,
      [frame('a')],
      ({ data }) => handled.push(data),
      async () => handled.length === 1,
    );
    assert.deepEqual(handled, [EVERY_BYTE]);
    const at = (await stage.backend.reader.at(STREAM, 1)) ?? assert.fail();
    const tail = stage.follow(1);
    await stage.until('it is followed', () => tail.seen.length === 1);
    for (const found of [at, ...(await stage.contents()), ...tail.seen]) isTheFrame(found);
  }),

  promise('E1: another content type than that of the contract is a dead letter, with every byte', async (stage) => {
    const odd = frame('a');
    const headers = { ...odd.headers, 'ce-datacontenttype': 'application/json' };
    await consumeFrames(stage, [{ ...odd, headers }], () => assert.fail(), lettersOf(stage, 1));
    const [letter = assert.fail()] = await stage.contents('dead-letter');
    assert.equal(letter.headers['lw-cause'], 'unexpected-content-type');
    assert.deepEqual(new Uint8Array(letter.payload), odd.payload);
  }),

  promise('G1: what is rejected is a dead letter with every byte, and says what they are', async (stage) => {
    const refuse = (): never => {
      throw new Reject('no such station');
    };
    await consumeFrames(stage, [frame('a')], refuse, lettersOf(stage, 1));
    isTheFrame((await stage.contents('dead-letter'))[0] ?? assert.fail());
  }),

  promiseIf('live', 'requests and replies carry every byte', async (stage, { connect }) => {
    const live = await connect();
    const around = { time: stage.broker.time, newId: () => globalThis.crypto.randomUUID(), log: silent };
    const peer = startPeer({ live }, { ...around, source: suiteSource });
    peer.serve(Echo, {}, ({ data }) => data.toReversed());
    await stage.during(peer.ready({ withinMs: 5_000 }));
    const answer = await stage.during(peer.call(Echo, EVERY_BYTE, { to: { instance: suiteSource.instance } }));
    await stage.during(peer.stop({ withinMs: 1_000 }));
    assert.deepEqual(answer, EVERY_BYTE.toReversed());
  }),
];
