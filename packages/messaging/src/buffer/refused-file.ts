// Messages that the broker refuses for good, one JSON object in each line, for somebody to read, mend and send again: they
// must neither be lost nor hold up what comes after them. (B9)
import { join } from 'node:path';
import type { OutgoingMessage } from '../contract/encode.ts';
import type { Disk } from './disk.ts';

const FILE_NAME = 'refused.jsonl';
const NEWLINE = 0x0a;

export type Refusal = { readonly reason: string; readonly at: Date };

export class RefusedFile {
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #bytesMax: number;
  #bytes: number;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(disk: Disk, directory: string, bytesMax: number, bytes: number) {
    this.#disk = disk;
    this.#directory = directory;
    this.#bytesMax = bytesMax;
    this.#bytes = bytes;
  }

  /** It takes no more once it has `bytesMax`, so that it cannot fill the buffer. */
  static async open(disk: Disk, directory: string, bytesMax: number): Promise<RefusedFile> {
    const found = (await disk.list(directory)).find(({ name }) => name === FILE_NAME);
    return new RefusedFile(disk, directory, bytesMax, found?.bytes ?? 0);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Resolves with whether it was kept, once it is synced: there may be no room. */
  keep(message: OutgoingMessage, refusal: Refusal): Promise<boolean> {
    const kept = this.#last.then(() => this.#append({ ...refusal, ...textOf(message) }));
    this.#last = kept.catch(() => undefined); // whoever asked hears of it
    return kept;
  }

  async #append(entry: object): Promise<boolean> {
    if (this.#bytes >= this.#bytesMax) return false;
    const path = join(this.#directory, FILE_NAME);
    const isNew = !(await this.#disk.list(this.#directory)).some(({ name }) => name === FILE_NAME);
    const file = isNew ? await this.#disk.create(path) : await this.#disk.open(path);
    try {
      const [end] = this.#bytes === 0 ? [NEWLINE] : await file.read(this.#bytes - 1, 1);
      // A line that a crash has cut short ends here.
      const bytes = Buffer.from(`${end === NEWLINE ? '' : '\n'}${JSON.stringify(entry)}\n`);
      await file.write(this.#bytes, bytes);
      await file.sync();
      if (isNew) await this.#disk.syncFolder(this.#directory);
      this.#bytes += bytes.byteLength;
      return true;
    } finally {
      await file.close();
    }
  }
}

function textOf({ payload, ...rest }: OutgoingMessage): object {
  return { ...rest, payload: Buffer.from(payload).toString('base64') };
}
