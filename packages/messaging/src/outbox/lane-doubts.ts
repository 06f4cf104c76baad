// Which rows may have been stored by another relay: all that lay in a lane when it was taken over. A lane is in doubt
// until every one of them has been looked at once. (O6)

type Doubt = { upTo: bigint | null };

export class LaneDoubts {
  readonly #byLane = new Map<number, Doubt>();

  /** Whatever is in the lane now is in doubt. */
  add(lane: number): void {
    this.#byLane.set(lane, { upTo: null });
  }

  keepOnly(lanes: readonly number[]): void {
    for (const lane of this.#byLane.keys()) if (!lanes.includes(lane)) this.#byLane.delete(lane);
  }

  /** Finds out how far new doubts reach; `lastPosition` is asked only when there is one. */
  async measure(lastPosition: () => Promise<bigint>): Promise<void> {
    const unmeasured = [...this.#byLane.values()].filter(({ upTo }) => upTo === null);
    if (unmeasured.length === 0) return;
    const upTo = await lastPosition();
    for (const doubt of unmeasured) doubt.upTo = upTo;
  }

  /** The highest doubtful position of every measured lane, as it is now. */
  snapshot(): ReadonlyMap<number, bigint> {
    return new Map([...this.#byLane].flatMap(([lane, { upTo }]) => (upTo === null ? [] : [[lane, upTo] as const])));
  }

  /** Every row up to `position` has been looked at; a doubt that arose after `seen` was taken stays. */
  clear(seen: ReadonlyMap<number, bigint>, position: bigint | null): void {
    for (const [lane, upTo] of seen) {
      const isPassed = position === null || position >= upTo;
      if (isPassed && this.#byLane.get(lane)?.upTo === upTo) this.#byLane.delete(lane);
    }
  }
}
