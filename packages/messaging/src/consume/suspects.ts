// Messages that may have killed a process. One that is delivered again was in hand when a replica ended, was given back or
// was too slow; nobody has recorded which. Such a suspect runs alone, and that it is about to is recorded before.
//
// G12 a suspect runs alone: nothing else of its process is handled meanwhile. (Not longer than half a minute, so that one
//     that hangs holds up nobody for ever.)
// G13 only what dies while it runs alone uses up a crash; when its crashes are used up it becomes a dead letter without
//     being handled again. Deaths with neighbours, give-backs and stops use up nothing.
// G14 a message that is delivered for the first time costs no record: nothing is read or written for it.
import type { Log } from '../log.ts';
import type { CrashRecord, CrashRecords, MessagePlace } from '../ports.ts';
import type { Time } from '../time.ts';
import { CrashedError } from './crashed-error.ts';
import type { Held } from './held.ts';
import type { Outcome } from './outcome.ts';
import type { Solitude } from './solitude.ts';

export type SuspectsOptions = {
  readonly records: CrashRecords;
  readonly solitude: Solitude;
  /** The group, as dead letters name it. */
  readonly consumer: string;
  readonly crashesMax: number;
  /** Aborted when nothing more is begun, and when what runs is left behind. */
  readonly stopping: AbortSignal;
  readonly abandoning: AbortSignal;
  readonly log: Log;
  readonly time: Time;
};

export class Suspects {
  readonly #options: SuspectsOptions;
  /** Those that run, and what was recorded of them before. */
  readonly #charged = new Map<MessagePlace, CrashRecord | null>();

  constructor(options: SuspectsOptions) {
    this.#options = options;
  }

  /**
   * Runs `work` alone, or says that `held` has crashed often enough. Null when it was stopped before it has begun.
   * Throws StreamUnavailableError when it cannot be recorded: then `work` has not begun.
   */
  async run(held: Held, work: () => Promise<Outcome | null>): Promise<Outcome | null> {
    const { records, solitude, consumer, crashesMax } = this.#options;
    const { stream, epoch, sequence } = held.stored;
    const place = { stream, epoch, sequence, group: consumer, redrive: held.redriven?.redrive ?? 0 };
    const before = await records.read(place);
    const crashes = before?.crashes ?? 0;
    if (before === null || crashes < crashesMax)
      return solitude.alone(crashes, this.#options, () => this.#runCharged(place, before, work)); // (G12)
    held.firstFailedAt ??= before.firstAt;
    return { kind: 'dead-letter', cause: 'crashed', attempts: crashes, error: new CrashedError(crashes) };
  }

  /** Takes back what was recorded of those that still run: they are left behind by a stop, not by a crash. (G13) */
  async forgive(): Promise<void> {
    await Promise.all([...this.#charged].map(([place, before]) => this.#restore(place, before)));
  }

  async #runCharged(
    place: MessagePlace,
    before: CrashRecord | null,
    work: () => Promise<Outcome | null>,
  ): Promise<Outcome | null> {
    const { records, time, log } = this.#options;
    const crashes = (before?.crashes ?? 0) + 1;
    // Its round trip also carries what neighbours were settled by: a death that follows cannot take that back.
    await records.write(place, { crashes, firstAt: before?.firstAt ?? time.now() });
    this.#charged.set(place, before);
    log.info({ ...place, crashes: crashes - 1 }, 'a message that was delivered again runs alone');
    try {
      return await work();
    } finally {
      this.#charged.delete(place);
      await this.#restore(place, before);
    }
  }

  async #restore(place: MessagePlace, before: CrashRecord | null): Promise<void> {
    try {
      await this.#options.records.write(place, before);
    } catch (error) {
      // It counts as one crash too many, unless the message is settled, and then nobody asks.
      this.#options.log.warn({ err: error, ...place }, 'that a message did not end its process could not be recorded');
    }
  }
}
