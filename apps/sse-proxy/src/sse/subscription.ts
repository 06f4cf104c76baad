// One connected client: what it hears, and where it stands. Not a queue: what it has not been given lies in the rings
// and in the streams, and is fetched when its socket takes more.
//
//   waiting        for the broker, or for others to catch up with it; asked again when something has changed
//   starting       its claim is being checked
//   catching-up    takes from the rings, in turns with everybody else
//   replaying      reads from the stream, further back than the ring reaches
//   live           stands at its lane's head, and is given what is new
//   closed
//
// U1  Nothing is written while the socket takes no more (parked, in any state), and nothing is kept for later: it is
//     read again. A client that stalls costs what its socket has not taken of one write, and this object.
// U2  Its standing never says more than it has been given.
// U3  A gap is told before the id that covers it. (F3)
import { StreamUnavailableError } from '@longwave/messaging';
import { cursorText } from '../domain/cursor.ts';
import { filtersReaching } from '../domain/selection.ts';
import type { Advance, Course, Standing } from './advance.ts';
import { expiringBlock, gapBlock, idBlock, idLine, retryLine, upstreamBlock } from './frame.ts';
import type { Beating } from './heartbeats.ts';
import { isSameStanding, type Delivery, type Lane, type LaneMember } from './lane.ts';
import { replay, type ReplayedBatch } from './replay.ts';
import { replayedBlocks } from './replayed-blocks.ts';
import { giveSnapshot } from './snapshot.ts';
import {
  claimText,
  resumeFromMemory,
  resumeFromStream,
  StreamChangedError,
  type Claim,
  type GivenOfSnapshot,
  type Resumed,
} from './resume.ts';
import type { StreamWindow } from './stream-window.ts';
import type { SubscriptionDeps, SubscriptionOptions } from './subscription-options.ts';
import { countGaps } from './tally.ts';
import { Valve, type ValveListener } from './valve.ts';

/** Of a client whose claim has been dealt with: it is not kept for the life of the connection. */
const NO_CLAIM: Claim = { kind: 'none' };

export class Subscription implements LaneMember, ValveListener, Beating {
  readonly lane: Lane;
  /** Where it is on the wheel of heartbeats. */
  slot = 0;
  readonly #deps: SubscriptionDeps;
  #claim: Claim;
  readonly #valve: Valve;
  readonly #endsAtMs: number;
  #state: 'waiting' | 'starting' | 'catching-up' | 'replaying' | 'live' | 'closed' = 'waiting';
  /** Null until its claim has been checked. */
  #standing: Standing | null = null;
  /** What it was told of the broker before it had a standing. */
  #isToldUp = true;
  #replaying: AbortController | null = null;
  /** Not written yet: it goes out with whatever comes first. */
  #preface: string;

  constructor(deps: SubscriptionDeps, { lane, claim, outlet, endsAtMs }: SubscriptionOptions) {
    this.#deps = deps;
    this.lane = lane;
    this.#claim = claim;
    this.#endsAtMs = endsAtMs;
    // What it said it had is its id again, until it is served from there. (F4)
    this.#preface = retryLine(deps.retryMs()) + (claim.kind === 'cursor' ? idLine(claimText(claim)) : '');
    this.#valve = new Valve(outlet, deps.tally, this);
  }

  onParked(): void {
    if (this.#state !== 'live') return;
    this.#state = 'catching-up';
    this.lane.leave(this);
  }

  onOpen(): void {
    this.#proceed();
  }

  onClosed(): void {
    this.#close();
    this.#deps.onClosed(this);
  }

  /** Writes something in any case, so that the client knows that it is connected. */
  begin(): void {
    this.#start();
    if (this.#preface !== '') this.#write('');
  }

  run(): boolean {
    if (this.#state === 'waiting') this.#state = 'catching-up';
    if (this.#state !== 'catching-up' || this.#valve.isParked) return false;
    if (this.#standing !== null) return this.#catchUp(this.#standing);
    this.#start();
    return false;
  }

  receive({ from, to, step }: Delivery): void {
    if (this.#state === 'live' && this.#standing === from) this.#take(step, to);
  }

  fallBehind(): void {
    this.#state = 'catching-up';
    this.#proceed();
  }

  beat(nowMs: number): void {
    if (this.#isClosed) return;
    if (nowMs >= this.#endsAtMs) this.end();
    else if (!this.#valve.isParked) this.#valve.write(this.lane.heartbeatAt(this.#standing), 0);
  }

  announceExpiry(at: Date): void {
    if (!this.#isClosed && !this.#valve.isParked) this.#write(expiringBlock(at));
  }

  /** Ends the stream; the client comes back to wherever it is sent then, or, if it takes nothing, when it notices. */
  end(): void {
    if (this.#isClosed) return;
    if (this.#valve.isParked) return this.#valve.destroy();
    const cursor = this.#cursor;
    this.#valve.end(Buffer.from(retryLine(this.#deps.retryMs()) + (cursor === null ? '\n' : idBlock(cursor))));
    this.#close();
  }

  /** Cuts the connection. */
  destroy(): void {
    this.#valve.destroy();
  }

  /** For who looks at the connections. `behind`: messages that it has not been considered for. */
  get progress(): { readonly state: string; readonly isParked: boolean; readonly behind: number } {
    const ends = this.lane.course?.windows.map(({ position }) => position.sequence) ?? [];
    const behind = ends.map((end, index) => Math.max(0, end - (this.#standing?.positions[index]?.sequence ?? end)));
    const messages = behind.reduce((sum, count) => sum + count, 0);
    return { state: this.#state, isParked: this.#valve.isParked, behind: messages };
  }

  get #cursor(): string | null {
    return this.#standing === null ? null : cursorText(this.#standing.positions);
  }

  #start(): void {
    const { course, isUp } = this.lane;
    const resumed = course?.windows.map((window) => resumeFromMemory(window, this.#claim));
    if (resumed?.every((known) => known !== undefined)) return this.#prime(resumed);
    if (isUp !== this.#isToldUp) this.#write(upstreamBlock(isUp));
    this.#isToldUp = isUp;
    if (course === null || resumed === undefined) this.#wait();
    else this.#read('starting', () => this.#resume(course, resumed));
  }

  async #resume(course: Course, known: readonly (Resumed | undefined)[]): Promise<void> {
    const { reader } = this.#deps;
    const claim = this.#claim;
    if (claim.kind === 'snapshot') return this.#giveSnapshot(course, new Map(claim.given));
    const resumed = course.windows.map(async (window, index) => {
      return known[index] ?? (await resumeFromStream(window, claim, course.selection, reader));
    });
    this.#prime(await Promise.all(resumed));
  }

  /** What the socket does not take is read again, as of the same moment. (U1, N1) */
  async #giveSnapshot(course: Course, given: Map<string, GivenOfSnapshot>): Promise<void> {
    this.#claim = { kind: 'snapshot', given };
    const { reader, snapshotSubjectsMax: subjectsMax } = this.#deps;
    const resumed = await giveSnapshot({ course, reader, valve: this.#valve, subjectsMax, given });
    if (resumed !== null) this.#prime(resumed);
    else if (!this.#isClosed) this.#state = 'catching-up';
  }

  /** The first block: where the client stands, after what it must know of what it missed. (U3) */
  #prime(resumed: readonly Resumed[]): void {
    if (this.#isClosed) return;
    this.#state = 'catching-up';
    // It is checked again when the socket takes what there is to say.
    if (this.#valve.isParked) return;
    const gaps = resumed.flatMap(({ gap }) => gap ?? []);
    const positions = resumed.map(({ position }) => position);
    this.#standing = { positions, isUp: this.#isToldUp };
    this.#claim = NO_CLAIM;
    countGaps(this.#deps.tally, gaps);
    this.#write([...gaps.map(gapBlock), idBlock(cursorText(positions))].join(''));
    this.#proceed();
  }

  /** From the rings, as far as the head. Says whether it has to go on when others have had their turn. */
  #catchUp(from: Standing): boolean {
    const { course, head } = this.lane;
    if (course === null || head === null) throw new Error('a client has a standing in a lane that has none');
    const step = this.#deps.advances.from(course, from, head);
    const standing = { positions: step.positions, isUp: head.isUp };
    this.#take(step, standing);
    if (this.#valve.isParked || step.isFull) return !this.#valve.isParked;
    const { behind } = step;
    if (behind !== null) this.#read('replaying', () => this.#replay(course, behind));
    else if (isSameStanding(standing, head)) this.#arrive(head);
    // It is ahead of us: another node has served it things that have not reached this one yet.
    else this.#wait();
    return false;
  }

  async #replay(course: Course, index: number): Promise<void> {
    const window = course.windows[index];
    const from = this.#standing?.positions[index];
    const stream = this.lane.feeds[index]?.stream;
    if (window === undefined || from === undefined || stream === undefined) throw new Error('no such stream here');
    const { signal } = (this.#replaying = new AbortController());
    const filters = filtersReaching(course.selection, stream).map(({ text }) => text);
    for await (const batch of replay(window, this.#deps.reader, from, filters, signal)) {
      if (!(await this.#giveReplayed(course, window, index, batch))) break;
    }
    if (this.#isClosed) return;
    this.#state = 'catching-up';
    this.#proceed();
  }

  /** Says whether to read on: the client takes more, and the ring is not reached yet. */
  async #giveReplayed(course: Course, window: StreamWindow, index: number, batch: ReplayedBatch): Promise<boolean> {
    // A heartbeat may have filled the socket while we were waiting for the batch.
    if (this.#isClosed || this.#valve.isParked || this.#standing === null) return false;
    this.#deps.tally.replayed += batch.messages.length;
    if (batch.lost !== null) countGaps(this.#deps.tally, [batch.lost.gap]);
    const { spell } = window;
    for (const { blocks, events, standing } of replayedBlocks(course.selection, window, index, this.#standing, batch)) {
      this.#standing = standing;
      if (blocks.length > 0) this.#valve.write(blocks, events);
      // What the socket does not take soon is forgotten, and read again from where the client stands then. (U1)
      if (this.#valve.isParked && !(await this.#valve.opens())) return false;
      // The rest of the batch is from before whatever happened to the stream meanwhile.
      if (window.spell !== spell) return false;
    }
    return this.#takeOthers(course, index, this.#standing);
  }

  /** A long replay of one stream keeps nobody waiting for the others. Says whether that one is still behind. */
  #takeOthers(course: Course, index: number, from: Standing): boolean {
    const { head } = this.lane;
    if (this.#isClosed || head === null) return false;
    const step = this.#deps.advances.from(course, from, head);
    this.#take(step, { positions: step.positions, isUp: head.isUp });
    return !this.#valve.isParked && step.behind === index;
  }

  #take({ blocks, events, gaps }: Advance, standing: Standing): void {
    this.#standing = standing;
    countGaps(this.#deps.tally, gaps);
    if (blocks.length > 0) this.#valve.write(blocks, events);
  }

  #arrive(head: Standing): void {
    this.#standing = head;
    this.#state = 'live';
    this.lane.join(this);
  }

  #wait(): void {
    this.#state = 'waiting';
    this.lane.wait(this);
  }

  /** Asks the broker, when it is there and it is this client's turn; tries again later when that fails. */
  #read(state: 'starting' | 'replaying', work: () => Promise<void>): void {
    if (!this.lane.isUp) return this.#wait();
    this.#state = state;
    const asked = this.#deps.gates[state].pass(async () => (this.#isClosed ? undefined : work()));
    asked.catch((error: unknown) => {
      if (this.#isClosed) return;
      this.#state = 'waiting';
      this.#deps.later.add(this);
      // The stream's feed will have news when it knows; a broker that refuses is not to be asked at every message.
      if (error instanceof StreamChangedError) return this.lane.wait(this);
      if (error instanceof StreamUnavailableError) return;
      this.#deps.log.error({ err: error, state }, 'a client could not be served from the broker; trying again');
    });
  }

  #proceed(): void {
    if (!this.#isClosed) this.#deps.turns.add(this);
  }

  #write(text: string): void {
    this.#valve.write(Buffer.from(this.#preface + text, 'latin1'), 0);
    this.#preface = '';
  }

  get #isClosed(): boolean {
    return this.#state === 'closed';
  }

  #close(): void {
    this.#state = 'closed';
    this.#replaying?.abort();
    this.lane.leave(this);
    this.#deps.turns.remove(this);
    this.#deps.later.delete(this);
  }
}
