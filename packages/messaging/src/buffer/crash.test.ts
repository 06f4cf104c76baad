// What survives when the power is cut, or the process killed, at any step that the buffer takes on its disk (B1–B4).
import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '@longwave/messaging/memory';
import { memoryStation, type MemoryStation } from '../../test/support/memory-station.ts';
import { powerCutDisk, type PowerCutDisk } from '../../test/support/power-cut-disk.ts';
import { reading } from '../../test/support/reading.ts';
import { BufferError } from './buffer-error.ts';
import type { MessageBuffer } from './message-buffer.ts';

const SEED = Number(process.env['LONGWAVE_SEED'] ?? Math.trunc(Math.random() * 2 ** 31));
const ROUNDS = process.env['LONGWAVE_SOAK'] === undefined ? 2 : 40;
/** So small that every few messages are a segment. */
const BYTES_MAX = 32 * 1024;
const MESSAGES = 24;
const METERS = 3;

type Life = { readonly promised: Set<string>; readonly offered: string[] };

/** Publishes a while with the broker up, a while with it away, and up again; every promise that was kept is noted. */
async function live(station: MemoryStation, buffer: MessageBuffer, life: Life, random: () => number): Promise<void> {
  for (let count = 0; count < MESSAGES;) {
    station.isUp = count < MESSAGES / 3 || count > (MESSAGES * 2) / 3;
    const batch = Array.from({ length: 1 + Math.trunc(random() * 3) }, () => offer(buffer, life));
    count += batch.length;
    await station.during(Promise.all(batch));
    if (random() < 0.3) await station.time.advance(300);
  }
}

async function offer(buffer: MessageBuffer, { promised, offered }: Life): Promise<void> {
  const number = offered.length;
  const id = String(number).padStart(4, '0');
  offered.push(id);
  try {
    await buffer.publish(reading(`m${number % METERS}`, number, id));
    promised.add(id);
  } catch {
    // Nothing was promised.
  }
}

/** A life that is cut at `step`, one that is cut while it recovers, and the next. Resolves with whether there was such a step. */
async function livesThrough(step: number, after: 'power-cut' | 'kill', seed: number): Promise<boolean> {
  const random = seededRandom(seed + step);
  const station = memoryStation(seed + step, 0.2);
  const life: Life = { promised: new Set(), offered: [] };
  const first = powerCutDisk(random);
  await cutLife(station, first, step, life, random);
  const second = first.restart(after);
  await cutLife(station, second, 1 + Math.trunc(random() * 100), life, random);
  await lastLife(station, second.restart(after), life);
  const found = { ...verdict(station, life), losses: station.losses };
  expect({ seed, step, after, ...found }).toEqual({ seed, step, after, missing: [], broken: [], losses: [] });
  return first.steps() >= step;
}

async function cutLife(
  station: MemoryStation,
  disk: PowerCutDisk,
  step: number,
  life: Life,
  random: () => number,
): Promise<void> {
  disk.cutAt(step);
  try {
    const buffer = await station.open(disk, { bytesMax: BYTES_MAX });
    await live(station, buffer, life, random);
    await station.during(buffer.close());
  } catch (error) {
    // The power was cut while it was being opened; anything else is worth knowing.
    if (!(error instanceof BufferError && error.code === 'buffer-disk-failed')) throw error;
  }
  await station.forgetIds();
}

/** Everything that is left arrives, and then the folder is as good as new. */
async function lastLife(station: MemoryStation, disk: PowerCutDisk, life: Life): Promise<void> {
  station.isUp = true;
  const buffer = await station.open(disk, { bytesMax: BYTES_MAX });
  await station.during(Promise.all([offer(buffer, life), offer(buffer, life)]));
  expect(await station.during(buffer.flush({ withinMs: 600_000 }))).toBe(true);
  await station.during(buffer.close());
  expect([...disk.contents().keys()].filter((path) => path.endsWith('.segment'))).toEqual([]);
}

/** What was promised and did not arrive; what came twice or out of the order of its meter. */
function verdict(station: MemoryStation, { promised }: Life): { missing: string[]; broken: string[] } {
  const stored = station.stored();
  const missing = [...promised].filter((id) => !stored.includes(id));
  const byMeter = Map.groupBy(stored, (id) => Number(id) % METERS);
  const broken = [...byMeter.values()].flatMap((ids) =>
    ids.filter((id, index) => index > 0 && id <= (ids[index - 1] ?? '')),
  );
  return { missing, broken };
}

/** As above, with the broker away and a buffer that is too small. Resolves with whether there was such a step. */
async function dropsThrough(step: number, after: 'power-cut' | 'kill', seed: number): Promise<boolean> {
  const random = seededRandom(seed + step);
  const station = memoryStation(seed + step);
  const life: Life = { promised: new Set(), offered: [] };
  const options = { bytesMax: 16 * 1024, whenFull: 'drop-oldest' } as const;
  const disk = powerCutDisk(random);
  disk.cutAt(step);
  station.isUp = false;
  try {
    const buffer = await station.open(disk, options);
    for (let count = 0; count < 20; count += 1) {
      await station.during(Promise.all([offer(buffer, life), offer(buffer, life), offer(buffer, life)]));
    }
    await station.during(buffer.close());
  } catch (error) {
    if (!(error instanceof BufferError && error.code === 'buffer-disk-failed')) throw error;
  }
  station.isUp = true;
  const buffer = await station.open(disk.restart(after), options);
  expect(await station.during(buffer.flush({ withinMs: 600_000 }))).toBe(true);
  await station.during(buffer.close());
  const stored = station.stored();
  const [first = ''] = stored;
  const missing = [...life.promised].filter((id) => id > first && !stored.includes(id));
  const losses = station.losses.filter(({ reason }) => reason !== 'dropped');
  const found = { missing, losses, broken: verdict(station, life).broken };
  expect({ seed, step, after, ...found }).toEqual({ seed, step, after, missing: [], losses: [], broken: [] });
  return disk.steps() >= step;
}

describe('B3, B6: what was dropped to make room is the oldest, and nothing else is missing', () => {
  for (const after of ['power-cut', 'kill'] as const) {
    test(`after a ${after} at every step`, async () => {
      let step = 1;
      while (await dropsThrough(step, after, SEED)) step += 1;
      expect(step).toBeGreaterThan(50);
    }, 600_000);
  }
});

describe('B1, B2, B3, B4: whatever was promised arrives once and in the order of its key', () => {
  for (const after of ['power-cut', 'kill'] as const) {
    test(`after a ${after} at every step`, async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        let step = 1;
        while (await livesThrough(step, after, SEED + round * 1_000)) step += 1;
        expect(step).toBeGreaterThan(50);
      }
    }, 600_000);
  }
});
