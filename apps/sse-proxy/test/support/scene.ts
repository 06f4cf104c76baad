// A hub with two scripted streams and the people who visit it, and the judgement of what they were given.
import { parseFilter } from '@longwave/messaging/contract';
import { parseCursor } from '../../src/domain/cursor.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { select, selects, type Selection } from '../../src/domain/selection.ts';
import { streamTopology } from '../../src/domain/stream-topology.ts';
import { publicGrants } from '../../src/domain/grant.ts';
import { Hub } from '../../src/sse/hub.ts';
import { hubOptions } from './hub-options.ts';
import { MemoryOutlet } from './memory-outlet.ts';
import { readerOf, ScriptedStream } from './scripted-stream.ts';

const rules = { streams: streamTopology({ s: 's.>', t: 't.>' }), permitted: [parseFilter('>')], filtersMax: 9 };

const grant = publicGrants(rules.permitted).grantOf({ authorization: undefined, cookie: undefined });
export const somebody = { address: '192.0.2.1', grant, since: new Date(0) };

/** What a visitor was given of one stream: the numbers of messages, and where it was told of a gap. */
export type Story = readonly (number | 'gap')[];

/** One person's browser: a connection after another, each going on where the last one ended. */
export class Visitor {
  readonly #hub: Hub;
  readonly #selection: Selection;
  readonly outlets: MemoryOutlet[] = [];
  /** How much had been published when it knew for the first time where it stood: the rest is for it. */
  since = Number.POSITIVE_INFINITY;

  constructor(hub: Hub, filters: readonly string[], policy: Policy) {
    this.#hub = hub;
    this.#selection = select(filters, rules, policy);
    this.connect();
  }

  /** Cuts the connection, if there is one, and comes back with the last id. */
  connect(): void {
    this.outlets.at(-1)?.destroy();
    const positions = parseCursor(this.outlets.map((outlet) => outlet.read().id).findLast((id) => id !== '') ?? '');
    const outlet = new MemoryOutlet();
    this.outlets.push(outlet);
    const claim = positions === null ? ({ kind: 'none' } as const) : ({ kind: 'cursor', positions } as const);
    this.#hub.subscribe({ selection: this.#selection, claim, visitor: somebody }, outlet);
  }

  get outlet(): MemoryOutlet {
    const outlet = this.outlets.at(-1);
    if (outlet === undefined) throw new Error('never connected');
    return outlet;
  }

  get conflates(): boolean {
    return this.#selection.policy === 'conflate';
  }

  get isPrimed(): boolean {
    return this.outlets.some((outlet) => outlet.read().id !== '');
  }

  hears(subject: string): boolean {
    return selects(this.#selection, subject);
  }

  /** Over all of its connections. */
  storyOf(stream: string): Story {
    return this.outlets.flatMap((outlet) =>
      outlet.read().events.flatMap(({ type, data }): Story => {
        const event = JSON.parse(data);
        if (type === 'gap') return event.stream === stream ? ['gap'] : [];
        return type === 'message' && event.subject.startsWith(`${stream}.`) ? [event.message] : [];
      }),
    );
  }
}

export class Scene {
  readonly streams = [new ScriptedStream('s'), new ScriptedStream('t')];
  readonly visitors: Visitor[] = [];
  readonly published: { readonly subject: string; readonly number: number }[] = [];
  readonly #unsaid = new Set<number>();
  readonly hub: Hub;

  constructor(ringBytesMax: number) {
    this.hub = new Hub(hubOptions(readerOf(this.streams), { heartbeatMs: 160, ringBytesMax }));
  }

  publish(subject: string, count = 1, bytes = 0): void {
    for (let index = 0; index < count; index += 1) {
      const number = this.published.length;
      this.published.push({ subject, number });
      // White space after a JSON text changes nothing but its length.
      this.streamOf(subject).append(subject, String(number).padEnd(bytes));
    }
  }

  /** What an older copy does not have was never said: whoever heard it is told of a gap, and nobody else knows. */
  restore(subject: string, count: number): void {
    for (const payload of this.streamOf(subject).restoreWithout(count)) this.#unsaid.add(Number(payload));
  }

  /** The numbers of what was published to a stream for a visitor. */
  audible(visitor: Visitor, stream: string): readonly number[] {
    return this.published
      .filter(
        ({ subject, number }) =>
          subject.startsWith(`${stream}.`) && !this.#unsaid.has(number) && visitor.hears(subject),
      )
      .map(({ number }) => number);
  }

  streamOf(subject: string): ScriptedStream {
    const stream = this.streams.find(({ name }) => subject.startsWith(`${name}.`));
    if (stream === undefined) throw new Error(`no stream for ${subject}`);
    return stream;
  }

  /** Any number means one of them. */
  visitor(index: number): Visitor {
    const visitor = this.visitors[index % this.visitors.length];
    if (visitor === undefined) throw new Error('nobody has come yet');
    return visitor;
  }

  visit(filters: readonly string[], policy: Policy = 'catch-up'): void {
    this.visitors.push(new Visitor(this.hub, filters, policy));
  }

  notePrimed(): void {
    for (const visitor of this.visitors) {
      if (visitor.isPrimed) visitor.since = Math.min(visitor.since, this.published.length);
    }
  }

  async end(): Promise<void> {
    for (const stream of this.streams) stream.comeBack();
    await this.hub.drain();
    await this.hub.stop();
  }
}

/**
 * What is wrong with a visitor's story: out of order, twice, or missing without a gap in its place. Who conflates may
 * miss what a later one on the same subject has replaced.
 */
export function faultsOf(scene: Scene, visitor: Visitor, stream: string): readonly string[] {
  const numbers = scene.audible(visitor, stream);
  const faults: string[] = [];
  let previous = -1;
  let isToldOfGap = false;
  for (const item of visitor.storyOf(stream)) {
    if (item === 'gap') {
      isToldOfGap = true;
      continue;
    }
    const heardSince = previous === -1 ? visitor.since : previous + 1;
    const between = numbers.filter((number) => number >= heardSince && number < item);
    const missing = visitor.conflates ? [] : between;
    if (item <= previous) faults.push(`${item} after ${previous}`);
    if (missing.length > 0 && !isToldOfGap) faults.push(`${missing.join()} missing before ${item}`);
    [previous, isToldOfGap] = [item, false];
  }
  return [...faults, ...subjectsLeftBehind(scene, visitor, stream)];
}

/**
 * The subjects of which a visitor was not given the newest, when everybody has heard everything; but for what lies before
 * a gap that it was told of, which it loads by itself.
 */
function subjectsLeftBehind(scene: Scene, visitor: Visitor, stream: string): readonly string[] {
  const story = visitor.storyOf(stream);
  const heard = new Set(story);
  const lastGap = story.lastIndexOf('gap');
  const [firstAfterGap = 0] = lastGap === -1 ? [] : story.slice(lastGap + 1).map(Number);
  const vouchedFor = Math.max(visitor.since, firstAfterGap);
  const newest = new Map(scene.audible(visitor, stream).map((number) => [scene.published[number]?.subject, number]));
  return [...newest].flatMap(([subject, number]) =>
    number >= vouchedFor && !heard.has(number) ? [`${subject} ends with ${number}, which is missing`] : [],
  );
}
