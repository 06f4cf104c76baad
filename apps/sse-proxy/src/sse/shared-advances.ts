// What comes next, put together once for all who stand at the same place: after a restart thousands come back with the
// same few cursors, and each of them would have the same hundred events copied for itself.
//
// V1  What lies between two positions of one generation never changes, so neither does what was put together. Generations
//     are in the key; that the ring may have lost the beginning by now makes no difference.
// V2  It holds at most SHARED_MAX blocks of the size of one write, however many clients and filters there are.
import { cursorText } from '../domain/cursor.ts';
import { advance, type Advance, type Course, type Standing } from './advance.ts';

const SHARED_MAX = 64;

export class SharedAdvances {
  /** Oldest first. */
  readonly #known = new Map<string, Advance>();

  /** See `advance`. */
  from(course: Course, from: Standing, until: Standing): Advance {
    const key = `${course.selection.key} ${textOf(from)} ${textOf(until)}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const step = advance(course, from, until);
    // Where there is nothing to write there was nothing to put together; who is behind has to be looked at again.
    if (step.events > 0 && step.behind === null) this.#keep(key, step);
    return step;
  }

  #keep(key: string, step: Advance): void {
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size >= SHARED_MAX) this.#known.delete(oldest);
    this.#known.set(key, step);
  }
}

/** (V1) */
function textOf({ positions, isUp }: Standing): string {
  return `${isUp ? 'up' : 'down'} ${cursorText(positions)} ${positions.map(({ generation }) => generation).join('.')}`;
}
