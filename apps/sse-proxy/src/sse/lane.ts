// All clients with the same selection. They stand at the same place nearly always, so what comes next is put together
// once, and everyone gets the same Buffer in one write.
//
// L1  Who takes everything stands at the head; who is behind moves by itself, and never past the head.
// L2  A standing says what somebody has been given, and nothing else is kept for them: no queue.
// L3  The head moves in place only when there is nothing to give. Else a new one is made, and whoever has not been
//     given what lies between keeps the old one.
import { cursorText } from '../domain/cursor.ts';
import type { Selection } from '../domain/selection.ts';
import { advance, type Advance, type Course, type Standing } from './advance.ts';
import type { Feed } from './feed.ts';
import { heartbeatBlock } from './frame.ts';
import type { FeedPosition } from './ring.ts';
import type { StreamWindow } from './stream-window.ts';
import type { Tally } from './tally.ts';
import type { Task, Turns } from './turns.ts';

/** Recipients given something between two looks at the clock: about a tenth of a millisecond. */
const BETWEEN_LOOKS = 8;

/** The same blocks for everyone who stands at `from`; with them they stand at `to`. */
export type Delivery = {
  readonly from: Standing;
  readonly to: Standing;
  readonly step: Advance;
};

/** What a lane asks of a client. */
export interface LaneMember extends Task {
  receive(delivery: Delivery): void;
  /** The head went on without it: it goes on by itself. */
  fallBehind(): void;
}

export type LaneDeps = { readonly turns: Turns; readonly tally: Tally; readonly clock: () => Date };

export class Lane implements Task {
  readonly selection: Selection;
  readonly feeds: readonly Feed[];
  readonly #deps: LaneDeps;
  /** Null until every stream has answered once. */
  #course: Course | null = null;
  #head: Standing | null = null;
  /** Who stands at the head, but for those whom the running delivery has not reached yet. (L1) */
  readonly #live = new Set<LaneMember>();
  /** Who can do nothing now, and will be asked again whenever something has changed. */
  readonly #waiting = new Set<LaneMember>();
  #heartbeat: { readonly positions: readonly FeedPosition[] | null; readonly block: Buffer } | null = null;
  #delivering: { readonly delivery: Delivery; readonly recipients: Iterator<LaneMember> } | null = null;

  constructor(selection: Selection, feeds: readonly Feed[], deps: LaneDeps) {
    this.selection = selection;
    this.feeds = feeds;
    this.#deps = deps;
    for (const feed of feeds) feed.listeners.add(this);
    this.#openCourse();
  }

  get head(): Standing | null {
    return this.#head;
  }

  get course(): Course | null {
    return this.#course;
  }

  /** False only when it is known that the messages of a stream do not come. */
  get isUp(): boolean {
    return this.feeds.every((feed) => feed.isUp);
  }

  /** Takes in a member that stands at the head. */
  join(member: LaneMember): void {
    this.#live.add(member);
  }

  wait(member: LaneMember): void {
    this.#waiting.add(member);
  }

  leave(member: LaneMember): void {
    this.#live.delete(member);
    this.#waiting.delete(member);
  }

  /**
   * What who stands there, or does not know yet where, is told now and then. Nearly all stand at the same place, so it is made once for them: made
   * for each, it was most of what an idle process allocates, and with that of what its young generation grows to.
   */
  heartbeatAt(standing: Standing | null): Buffer {
    const positions = standing?.positions ?? null;
    if (this.#heartbeat?.positions === positions) return this.#heartbeat.block;
    const block = Buffer.from(heartbeatBlock(positions === null ? null : cursorText(positions)), 'latin1');
    this.#heartbeat = { positions, block };
    return block;
  }

  /** Nobody is left. */
  close(): void {
    for (const feed of this.feeds) feed.listeners.delete(this);
    this.#deps.turns.remove(this);
  }

  /** Gives the members at the head what is new. */
  run(until: number): boolean {
    if (this.#course === null) this.#openCourse();
    const hasNews = this.#delivering !== null || this.#advance();
    for (const member of this.#waiting) this.#deps.turns.add(member);
    this.#waiting.clear();
    this.#deliver(until);
    // Looks again: while it was giving, the streams may have gone on.
    return hasNews;
  }

  #openCourse(): void {
    const windows = this.feeds.map(({ window }) => window).filter((window): window is StreamWindow => window !== null);
    if (windows.length < this.feeds.length) return;
    this.#course = { selection: this.selection, windows };
    this.#head = { positions: windows.map(({ position }) => position), isUp: this.isUp };
  }

  /** Moves the head. Says whether it had to. */
  #advance(): boolean {
    const [course, head] = [this.#course, this.#head];
    if (course === null || head === null) return false;
    const end: Standing = { positions: course.windows.map(({ position }) => position), isUp: this.isUp };
    if (isSameStanding(head, end)) return false;
    // Nobody to give anything to; but who was at the head and left it may still stand there. (L3)
    if (this.#live.size === 0) this.#head = end;
    else this.#give(head, end, advance(course, head, end));
    return true;
  }

  #give(from: Standing, end: Standing, step: Advance): void {
    if (step.behind !== null) return this.#scatter(end);
    if (step.blocks.length === 0) {
      from.positions = step.positions; // (L3)
      return;
    }
    const to: Standing = { positions: step.positions, isUp: end.isUp };
    this.#head = to;
    // The set itself, not a copy: who joins meanwhile stands beyond this delivery and is passed over.
    this.#delivering = { delivery: { from, to, step }, recipients: this.#live.values() };
  }

  /** More arrived between two turns than the ring holds: everyone goes on by themselves, from where they stand. */
  #scatter(end: Standing): void {
    this.#head = end;
    for (const member of this.#live) member.fallBehind();
    this.#live.clear();
  }

  #deliver(until: number): void {
    if (this.#delivering === null) return;
    const { delivery, recipients } = this.#delivering;
    let given = 0;
    let isDone = false;
    do {
      // Looking at the clock every time would be a good part of the work.
      for (let count = 0; count < BETWEEN_LOOKS && !isDone; count += 1) {
        const { done, value } = recipients.next();
        isDone = done === true;
        if (value === undefined) continue;
        value.receive(delivery);
        given += 1;
      }
    } while (!isDone && performance.now() < until);
    if (isDone) this.#delivering = null;
    this.#observe(delivery.step, given);
  }

  #observe({ storedAtMs, events }: Advance, given: number): void {
    if (events === 0) return;
    const { tally, clock } = this.#deps;
    tally.lag.observe(clock().getTime() - storedAtMs, events * given);
  }
}

/** Whether two standings are worth the same, wherever they come from. */
export function isSameStanding(left: Standing, right: Standing): boolean {
  return (
    left.isUp === right.isUp && left.positions.every((position, index) => isSame(position, right.positions[index]))
  );
}

function isSame(left: FeedPosition, right: FeedPosition | undefined): boolean {
  return left.sequence === right?.sequence && left.generation === right.generation;
}
