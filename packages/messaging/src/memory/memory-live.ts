// Live messages in memory: whoever listens when one arrives gets it. A broker is always somewhere else, so nothing
// arrives in the turn in which it was sent, and everything in the order in which it was. Streams know nothing of them:
// what is said live is not stored, and who listens does not hear what is published.
import { filterMatches, parseFilter, type SubjectFilter } from '../contract/filter.ts';
import { checkName } from '../contract/name.ts';
import { complaintAbout } from '../contract/sendable.ts';
import type { Log } from '../log.ts';
import type { LiveArrival, LiveMessage, LiveMessages, LiveSubscription } from '../ports.ts';
import type { Time } from '../time.ts';

type Listener = {
  readonly filter: SubjectFilter;
  readonly group: string | null;
  readonly onMessage: (arrival: LiveArrival) => void;
};

/** What all replicas share: who listens to what. */
export class Switchboard {
  readonly #time: Time;
  readonly #log: Log;
  readonly #listeners = new Set<Listener>();
  /** Whose turn it is in each group. */
  readonly #turns = new Map<string, number>();

  constructor(time: Time, log: Log) {
    this.#time = time;
    this.#log = log;
  }

  add(listener: Listener): void {
    this.#listeners.add(listener);
  }

  remove(listener: Listener): void {
    this.#listeners.delete(listener);
  }

  send(message: LiveMessage): void {
    this.#time.after(0, () => this.#deliver(message));
  }

  #deliver(message: LiveMessage): void {
    const receivers = this.#receiversOf(message.subject);
    for (const receiver of receivers) this.#hand(receiver, { ...message, nobodyListens: false });
    if (receivers.length > 0 || message.replyTo === undefined) return;
    const answer = { subject: message.replyTo, headers: {}, payload: new Uint8Array(), nobodyListens: true };
    for (const receiver of this.#receiversOf(message.replyTo)) this.#hand(receiver, answer);
  }

  /** All who listen, and of each group one: each in turn. */
  #receiversOf(subject: string): readonly Listener[] {
    const listening = [...this.#listeners].filter(({ filter }) => filterMatches(filter, subject));
    const groups = Map.groupBy(listening, ({ group }) => group);
    return [...groups].flatMap(([group, members]) => (group === null ? members : this.#nextOf(group, members)));
  }

  #nextOf(group: string, members: readonly Listener[]): readonly Listener[] {
    const turn = this.#turns.get(group) ?? 0;
    this.#turns.set(group, turn + 1);
    return members.slice(turn % members.length).slice(0, 1);
  }

  #hand({ onMessage }: Listener, arrival: LiveArrival): void {
    try {
      onMessage(arrival);
    } catch (error) {
      this.#log.error({ err: error, subject: arrival.subject }, 'the receiver of a live message has thrown');
    }
  }
}

/** Live messages as one replica has them, until `closing` is aborted. */
export function createMemoryLive(
  switchboard: Switchboard,
  {
    time,
    closing,
    payloadBytesMax,
  }: { readonly time: Time; readonly closing: AbortSignal; readonly payloadBytesMax: number },
): LiveMessages {
  return {
    send: (message) => {
      const { byteLength } = message.payload;
      const complaint = byteLength > payloadBytesMax ? `it has ${byteLength} bytes` : complaintAbout(message);
      if (complaint !== null) throw new TypeError(`it can never be sent: ${complaint}`);
      if (closing.aborted) return false;
      // What the sender does with its own afterwards is nobody else's.
      switchboard.send({ ...message, headers: { ...message.headers }, payload: new Uint8Array(message.payload) });
      return true;
    },
    subscribe: (filter, group, onMessage) => {
      const listener = { filter: parseFilter(filter), group: group === null ? null : checkName(group), onMessage };
      return listening(switchboard, time, closing, listener);
    },
    listen: ({ up }) => {
      if (!closing.aborted) up();
      return () => undefined;
    },
    roundTrip: () => afterAllSent(time).then(() => !closing.aborted),
  };
}

function listening(switchboard: Switchboard, time: Time, closing: AbortSignal, listener: Listener): LiveSubscription {
  const remove = (): void => {
    switchboard.remove(listener);
    closing.removeEventListener('abort', remove);
  };
  switchboard.add(listener);
  closing.addEventListener('abort', remove, { once: true });
  let stopping: Promise<void> | null = null;
  return {
    refusal: () => null,
    stop: () => {
      stopping ??= closing.aborted ? Promise.resolve() : afterAllSent(time).then(remove);
      return stopping;
    },
  };
}

/** What was sent before has arrived: timers that are due at once run in their order. */
function afterAllSent(time: Time): Promise<void> {
  return new Promise((resolve) => void time.after(0, resolve));
}
