// What becomes of messages that were in hand when a process died: they run alone, the killer among them is found out, and
// nobody else pays for it.
import assert from 'node:assert/strict';
import { StreamUnavailableError } from '../../errors.ts';
import type { Backend, CrashRecords } from '../../ports.ts';
import { pause } from '../../time.ts';
import { promise } from '../backend-promise.ts';
import { valueOf } from '../reading.ts';
import type { Stage } from '../stage.ts';

const ACK_WAIT_MS = 1_000;
const forEver = (): Promise<never> => new Promise(() => undefined);

/** A replica whose process ends when `die` is called: nothing it says from then on is heard. */
function startMortal(
  stage: Stage,
  group: string,
  handler: (value: number, die: () => Promise<never>) => Promise<void>,
  crashesMax: number,
): { readonly isDead: () => boolean } {
  let isDead = false;
  const from = stage.connect();
  const die = (): Promise<never> => {
    isDead = true;
    void from.close();
    void consumption.stop({ withinMs: 0 });
    return forEver();
  };
  const consumption = stage.consume(group, (value) => (isDead ? forEver() : handler(value, die)), { from, crashesMax });
  return { isDead: () => isDead };
}

/** Messages on a key each. */
async function publishSideBySide(stage: Stage, values: readonly number[]): Promise<void> {
  for (const value of values) await stage.publish(`meter${value}`, 1, value);
}

export const suspectPromises = [
  promise('G12: what is delivered again runs alone, and what comes for the first time side by side', async (stage) => {
    let [together, mostOfSuspects, most] = [0, 0, 0];
    const handled = new Set<number>();
    await stage.addConsumer('alone', { filter: 'conformance.>', ackWaitMs: ACK_WAIT_MS });
    await publishSideBySide(stage, [0, 1, 2]);
    const dying = stage.connect();
    const hands = stage.pull('alone', { from: dying });
    await stage.until('all are in hand', () => hands.deliveries.length === 3);
    await stage.during(dying.close());
    await stage.broker.pass(ACK_WAIT_MS);
    await publishSideBySide(stage, [3, 4, 5, 6, 7, 8]);
    stage.consume('alone', async (value) => {
      together += 1;
      most = Math.max(most, together);
      for (let looks = 0; looks < 5; looks += 1) {
        if (value < 3) mostOfSuspects = Math.max(mostOfSuspects, together);
        await pause(stage.broker.time, 5);
      }
      together -= 1;
      handled.add(value);
    });
    await stage.until('all are handled', () => handled.size === 9);
    assert.equal(mostOfSuspects, 1);
    assert.ok(most > 1);
  }),

  promise('G13: what kills each process that handles it is a dead letter; the others are handled', async (stage) => {
    const handled = new Set<number>();
    let deaths = 0;
    await stage.addConsumer('killer', { filter: 'conformance.>', ackWaitMs: ACK_WAIT_MS });
    await publishSideBySide(stage, [0, 1, 2, 3, 4]);
    const start = () =>
      startMortal(
        stage,
        'killer',
        async (value, die) => {
          await pause(stage.broker.time, 5);
          if (value === 2) await die();
          handled.add(value);
        },
        2,
      );
    let replica = start();
    await stage.until('it is a dead letter and the others are handled', async () => {
      if (replica.isDead()) {
        deaths += 1;
        replica = start();
      }
      return handled.size === 4 && (await stage.contents('dead-letter')).length > 0;
    });
    const [letter = assert.fail(), ...others] = await stage.contents('dead-letter');
    assert.deepEqual(others, []);
    assert.equal(valueOf(letter), 2);
    assert.equal(letter.headers['lw-cause'], 'crashed');
    assert.equal(letter.headers['lw-attempts'], '2');
    // Once with the others, and twice alone.
    assert.equal(deaths, 3);
    assert.ok(!handled.has(2));
  }),

  promise('G13: a stop uses up nothing, not even one that leaves a handler behind', async (stage) => {
    const started: number[] = [];
    await stage.addConsumer('left', { ackWaitMs: ACK_WAIT_MS });
    await stage.publish('left', 1);
    for (let stops = 1; stops <= 2; stops += 1) {
      const handler = async (value: number): Promise<void> => {
        started.push(value);
        await forEver();
      };
      const consumption = stage.consume('left', handler, { from: stage.connect(), crashesMax: 1 });
      await stage.until('it runs', () => started.length === stops);
      await stage.during(consumption.stop({ withinMs: 0 }));
    }
    let isHandled = false;
    stage.consume('left', async () => void (isHandled = true), { crashesMax: 1 });
    await stage.until('it is handled', () => isHandled);
    assert.deepEqual(await stage.contents('dead-letter'), []);
  }),

  promise('G14: what is delivered for the first time asks for no record', async (stage) => {
    const handled: number[] = [];
    const refuse = (): Promise<never> => Promise.reject(new StreamUnavailableError('broker-unavailable', 'none'));
    const crashes: CrashRecords = { read: refuse, write: refuse };
    const from: Backend = { ...stage.connect(), crashes };
    await stage.addConsumer('fresh');
    await stage.publish('fresh', 3);
    stage.consume('fresh', async (value) => void handled.push(value), { from });
    await stage.until('all are handled', () => handled.length === 3);
  }),
];
