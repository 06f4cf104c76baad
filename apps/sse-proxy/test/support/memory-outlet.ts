// A client's socket in memory, that takes no more when it is told to.
import type { Outlet } from '../../src/sse/outlet.ts';
import { parseByTheStandard, type Dispatched } from './standard-parser.ts';

export class MemoryOutlet implements Outlet {
  readonly #written: Buffer[] = [];
  #listener: Parameters<Outlet['listen']>[0] | null = null;
  #isStuck = false;
  #isClosed = false;
  /** Writes after one that was answered with false: there must be none. */
  writesTooMany = 0;
  #isFull = false;

  listen(listener: Parameters<Outlet['listen']>[0]): void {
    this.#listener = listener;
  }

  write(blocks: Buffer): boolean {
    if (this.#isFull) this.writesTooMany += 1;
    this.#written.push(blocks);
    this.#isFull = this.#isStuck;
    return !this.#isFull;
  }

  end(blocks: Buffer): void {
    this.#written.push(blocks);
    this.destroy();
  }

  destroy(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#listener?.onClosed();
  }

  stick(): void {
    this.#isStuck = true;
  }

  unstick(): void {
    this.#isStuck = false;
    if (!this.#isFull || this.#isClosed) return;
    this.#isFull = false;
    this.#listener?.onWritable();
  }

  get bytes(): number {
    return this.#written.reduce((sum, { length }) => sum + length, 0);
  }

  /** What the client has seen of it, and the id it would come back with. */
  read(): { readonly events: readonly Dispatched[]; readonly id: string } {
    return parseByTheStandard(Buffer.concat(this.#written));
  }
}
