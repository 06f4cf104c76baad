// Whether the colours of tokens.css can be read, by the formula of WCAG 2.2 (1.4.3, 1.4.11).
import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';

type Pair = readonly [light: string, dark: string];

async function readTokens(): Promise<ReadonlyMap<string, Pair>> {
  const css = await readFile(new URL('./tokens.css', import.meta.url), 'utf8');
  const tokens = css.matchAll(/--([\w-]+): light-dark\((#[\da-f]{6}), (#[\da-f]{6})\)/g);
  return new Map(Array.from(tokens, ([, name = '', light = '', dark = '']) => [name, [light, dark]]));
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

async function tooFaint(inks: readonly string[], surfaces: readonly string[], atLeast: number): Promise<string[]> {
  const tokens = await readTokens();
  const pairs = inks.flatMap((ink) =>
    surfaces.flatMap((surface) => [0, 1].map((scheme) => ({ ink, surface, scheme }))),
  );
  return pairs.flatMap(({ ink, surface, scheme }) => {
    const ratio = contrast(tokens.get(ink)?.[scheme] ?? '#000000', tokens.get(surface)?.[scheme] ?? '#000000');
    return ratio >= atLeast ? [] : [`${ink} on ${surface} has ${ratio.toFixed(2)}`];
  });
}

test('every text colour can be read on every surface, light and dark', async () => {
  const inks = ['text', 'text-2', 'text-3', 'green', 'amber', 'red', 'blue'];
  const surfaces = ['ground', 'panel', 'raised', 'sunken', 'field', 'green-wash', 'amber-wash', 'red-wash'];
  expect(await tooFaint(inks, surfaces, 4.5)).toEqual([]);
});

test('the needle can be read on a panel', async () => {
  expect(await tooFaint(['needle'], ['panel'], 4.5)).toEqual([]);
});

test('outlines of controls can be seen on what they are drawn on', async () => {
  expect(await tooFaint(['line-strong'], ['panel', 'raised', 'sunken', 'field'], 3)).toEqual([]);
});
