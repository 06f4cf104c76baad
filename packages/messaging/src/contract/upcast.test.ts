// C4 and C5: messages of older versions are read as the newest, through every step between, or are dead letters.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { checkProperty } from '../../test/support/check-property.ts';
import { decodeMessage, type Decoded } from './decode.ts';
import { event, type EventType } from './message-type.ts';

type About = { readonly id: number };
const place = {
  subject: 'test.mast.{id}',
  address: ({ id }: About) => ({ id }),
  key: ({ id }: About) => `mast/${id}`,
} as const;
const id = z.int();
const isoDate = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});
const inFeet = z.object({ id, feet: z.number() });
const inMetres = z.object({ id, metres: z.number() });
const dated = z.object({ id, metres: z.number().max(1_000), raisedAt: isoDate });
const newest = { version: 3, schema: dated, example: { id: 7, metres: 3, raisedAt: new Date(0) } };

const fromMetres = {
  schema: inMetres,
  upcast: (data: z.output<typeof inMetres>) => ({ ...data, raisedAt: new Date(0) }),
};
const Mast = event('Mast', {
  ...place,
  ...newest,
  older: {
    1: { schema: inFeet, upcast: ({ id: mast, feet }) => ({ id: mast, metres: Math.round(feet * 0.3048) }) },
    2: fromMetres,
  },
});

function read(type: EventType<unknown>, version: number, data: unknown): Decoded<unknown> {
  const payload = new TextEncoder().encode(JSON.stringify({ version, createdAt: '2026-01-01T00:00:00Z', data }));
  const lies = { stream: 'events', epoch: 7, sequence: 9, storedAt: new Date(1), subject: 'test.mast.7', headers: {} };
  return decodeMessage([type], { ...lies, payload });
}

/** Every version says `value` in its own words, so that data which skipped one would not be read. */
const spoken = (version: number) => {
  const value = z.codec(z.string().startsWith(`${version}:`), z.bigint(), {
    decode: (text) => BigInt(text.slice(text.indexOf(':') + 1)),
    encode: (number) => `${version}:${number}`,
  });
  return z.object({ id, value });
};

const counter = (steps: readonly ((value: bigint) => bigint)[]) =>
  event('Counter', {
    ...place,
    version: steps.length + 1,
    schema: spoken(steps.length + 1),
    example: { id: 7, value: 0n },
    older: Object.fromEntries(
      steps.map((upcast, index) => {
        const schema = spoken(index + 1);
        return [
          index + 1,
          { schema, upcast: (data: z.output<typeof schema>) => ({ ...data, value: upcast(data.value) }) },
        ];
      }),
    ),
  });

describe('a message of an older version', () => {
  test.each([
    [1, { id: 7, feet: 10 }],
    [2, { id: 7, metres: 3 }],
    [3, { id: 7, metres: 3, raisedAt: '1970-01-01T00:00:00Z' }],
  ])('C4: of version %i is read as the newest', (version, data) => {
    const message = { type: { name: 'Mast', version: 3 }, key: 'test.mast.7', data: newest.example };
    expect(read(Mast, version, data)).toMatchObject({ ok: true, message });
  });

  test('C4: is read as what all steps after it make of it, however many', () => {
    const line = fc.record({ factor: fc.bigInt({ min: -9n, max: 9n }), plus: fc.bigInt() });
    checkProperty([fc.array(line, { minLength: 1, maxLength: 8 }), fc.bigInt()], (lines, start) => {
      const steps = lines.map(
        ({ factor, plus }) =>
          (value: bigint) =>
            value * factor + plus,
      );
      const type = counter(steps);
      for (let version = 1; version <= type.version; version += 1) {
        const value = steps.slice(version - 1).reduce((sum, step) => step(sum), start);
        const decoded = read(type, version, { id: 7, value: `${version}:${start}` });
        expect(decoded.ok && decoded.message.data).toEqual({ id: 7, value });
      }
    });
  });

  const unfit = (): bigint => 'no number' as never;
  const throwing = (): bigint => {
    throw new Error('broken');
  };

  test('C5: is invalid if a step after it throws, or makes what the next version does not take; others are read', () => {
    const count = fc.integer({ min: 1, max: 6 });
    checkProperty([count, fc.nat(), fc.constantFrom(unfit, throwing)], (length, at, failing) => {
      const broken = at % length;
      const type = counter(Array.from({ length }, (_, index) => (index === broken ? failing : (value) => value)));
      for (let version = 1; version <= type.version; version += 1) {
        const decoded = read(type, version, { id: 7, value: `${version}:5` });
        expect(decoded.ok ? 'read' : decoded.failure.code).toBe(version > broken + 1 ? 'read' : 'invalid-data');
      }
    });
  });

  test.each([
    [1, { id: 7, feet: 'ten' }, 'as Mast version 1: ✖ Invalid input: expected number, received string'],
    [2, { id: 7, feet: 10 }, 'as Mast version 2: ✖ Invalid input: expected number'],
    [1, { id: 7, feet: 9_999 }, 'the upcast from version 2 to 3 makes what that does not take: ✖ Too big'],
  ])('C5: of version %i that says %j is invalid, with the reason', (version, data, reason) => {
    expect(read(Mast, version, data)).toMatchObject({
      ok: false,
      failure: { code: 'invalid-data', reason: expect.stringContaining(reason) },
    });
  });

  test('C5: an upcast that throws says what', () => {
    expect(read(counter([throwing]), 1, { id: 7, value: '1:1' })).toMatchObject({
      failure: {
        code: 'invalid-data',
        reason: expect.stringContaining('the upcast from version 1 to 2 threw: broken'),
      },
    });
  });

  test('C4: without an upcast is a dead letter that says what to do, and a newer one waits', () => {
    const Young = event('Mast', { ...place, ...newest, older: { 2: fromMetres } });
    const Alone = event('Mast', { ...place, ...newest });
    const without = (known: string) =>
      `Mast version 1 has no upcast; this build reads ${known}. Add one to the type, then send this again`;
    expect(read(Young, 1, {})).toEqual({
      ok: false,
      failure: { code: 'invalid-payload', reason: without('versions 2 to 3') },
    });
    expect(read(Alone, 1, {})).toEqual({
      ok: false,
      failure: { code: 'invalid-payload', reason: without('version 3 alone') },
    });
    expect(read(Mast, 4, {})).toMatchObject({ ok: false, failure: { code: 'newer-version' } });
  });
});

describe('a type', () => {
  test.each([[[1]], [[1, 3]], [[3]], [[2, 3]], [[0, 1, 2]], [[1.5]], [[-1, 2]]])(
    'of version 3 with upcasts from %j is refused where it is declared',
    (versions) => {
      const older = Object.fromEntries(
        versions.map((version) => [version, { schema: dated, upcast: (data: z.output<typeof dated>) => data }]),
      );
      expect(() => event('Mast', { ...place, ...newest, older })).toThrow(TypeError);
    },
  );

  test('whose upcast does not make what the next version takes does not compile', () => {
    const upcast = (data: z.output<typeof inFeet>) => data;
    // @ts-expect-error -- version 2 wants metres
    event('Mast', { ...place, ...newest, older: { 1: { schema: inFeet, upcast }, 2: fromMetres } });
    // @ts-expect-error -- version 3 wants to know when
    event('Mast', { ...place, ...newest, older: { 2: { schema: inMetres, upcast: (data) => data } } });
    // @ts-expect-error -- version 2 knows no feet
    event('Mast', { ...place, ...newest, older: { 2: { schema: inMetres, upcast: ({ feet }) => ({ feet }) } } });
    expect(Mast.older?.size).toBe(2);
  });
});
