// Where the lamps of the studio clock are, in a square of 100 by 100 with twelve o'clock on top.

export type Lamp = { readonly x: number; readonly y: number };

export const SECOND_LAMPS = ring(60, 43);
export const HOUR_LAMPS = ring(12, 48);

function ring(count: number, radius: number): readonly Lamp[] {
  return Array.from({ length: count }, (_, index) => {
    const angle = (index / count) * 2 * Math.PI;
    return { x: round(50 + radius * Math.sin(angle)), y: round(50 - radius * Math.cos(angle)) };
  });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
