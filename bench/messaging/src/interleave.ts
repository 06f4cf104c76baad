// Rounds in which every contestant has its turn, one after the other: what else the machine does meets all of them
// alike. Each round begins with another one, so that none always follows the same neighbour.
import type { Measurement } from './measurement.ts';

export type Contestant = () => Promise<Measurement>;

/** The measurements of each contestant, by round. One round goes before those that count. */
export async function interleave<Name extends string>(
  rounds: number,
  contestants: Readonly<Record<Name, Contestant>>,
): Promise<Readonly<Record<Name, readonly Measurement[]>>> {
  const measured = mapValues(contestants, (): Measurement[] => []);
  // Object.keys forgets that the names are those of the record.
  const names = Object.keys(contestants) as Name[];
  for (let round = -1; round < rounds; round += 1) {
    const first = (round + names.length) % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      const measurement = await contestants[name]();
      if (round >= 0) measured[name].push(measurement);
    }
  }
  return measured;
}

function mapValues<Name extends string, From, To>(
  record: Readonly<Record<Name, From>>,
  map: (value: From) => To,
): Record<Name, To> {
  // Object.fromEntries forgets the names, as above.
  return Object.fromEntries(Object.entries<From>(record).map(([name, value]) => [name, map(value)])) as Record<
    Name,
    To
  >;
}
