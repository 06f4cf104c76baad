// Takes connections that ask for an event stream away from Node's HTTP server, before it has made anything of them:
// what node:http and Express keep for one response is several times what a client costs here. Whatever is not a plain
// request for a stream that would be granted is passed on, byte for byte, and answered by the route.
//
// K1  A connection is taken or passed on, never both, and nothing that was read of it is lost.
// K2  Who has not said within two seconds what it wants is passed on: node:http has the deadlines for that. (slowloris)
// K3  Closing ends those that have said nothing yet; the others are the hub's.
import { Problem, type Logger, type TakeConnection } from '@longwave/runtime';
import type { Socket } from 'node:net';
import type { Admission } from '../http/admission.ts';
import type { ReadClientAddress } from '../http/client-address.ts';
import { retryLine } from '../sse/frame.ts';
import type { Hub, Visit } from '../sse/hub.ts';
import { Arrival } from './arrival.ts';
import type { RequestHead } from './request-head.ts';
import { SocketOutlet } from './socket-outlet.ts';
import type { StreamHead } from './stream-head.ts';
import { StreamRequests } from './stream-requests.ts';

export type StreamDoorDeps = {
  readonly hub: Hub;
  readonly admission: Admission;
  readonly head: StreamHead;
  readonly addressOf: ReadClientAddress;
  readonly log: Logger;
};

const TICK_MS = 1_000;
/** (K2) */
const TICKS_MAX = 2;

export class StreamDoor {
  readonly #deps: StreamDoorDeps;
  /** Who has not said yet what it wants. */
  readonly #arrivals = new Set<Arrival>();
  readonly #requests = new StreamRequests();
  readonly #timer: NodeJS.Timeout;

  constructor(deps: StreamDoorDeps) {
    this.#deps = deps;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** For `listen`. */
  readonly take: TakeConnection = (socket, passOn) => {
    this.#arrivals.add(new Arrival({ socket, passOn, onHead: this.#decide, onOver: this.#forget }));
  };

  /** (K3) */
  close(): void {
    clearInterval(this.#timer);
    for (const arrival of this.#arrivals) arrival.destroy();
  }

  readonly #forget = (arrival: Arrival): void => {
    this.#arrivals.delete(arrival);
  };

  /** Says whether it takes the connection. */
  readonly #decide = (head: RequestHead, socket: Socket): boolean => {
    const request = this.#requests.read(head);
    if (request === null) return false;
    const { admission, addressOf } = this.#deps;
    try {
      const admitted = admission.check(request);
      const facts = { peer: socket.remoteAddress, forwardedFor: head.headers.get('x-forwarded-for') };
      const visit = admission.enter(admitted, addressOf(facts));
      if (visit !== null) this.#serve(head, socket, visit);
      else if (head.headers.get('accept') === 'text/event-stream') this.#turnAway(head, socket);
      else return false;
      return true;
    } catch (error) {
      // The route comes to the same result, and says so.
      if (error instanceof Problem) return false;
      throw error;
    }
  };

  #serve(request: RequestHead, socket: Socket, visit: Visit): void {
    const { hub, head, log } = this.#deps;
    const { text, correlationId } = head.answer(request);
    const startedMs = performance.now();
    const outlet = new SocketOutlet(socket, () => {
      const durationMs = Math.round(performance.now() - startedMs);
      log.info({ correlationId, method: 'GET', route: '/events', status: 200, durationMs }, 'request');
    });
    socket.write(text, 'latin1');
    hub.subscribe(visit, outlet);
  }

  #turnAway(request: RequestHead, socket: Socket): void {
    const { admission, head } = this.#deps;
    socket.write(`${head.answer(request).text}${retryLine(admission.retryMs())}`, 'latin1');
    // Not `end` alone: a peer that does not close its side would keep the connection.
    socket.destroySoon();
  }

  #tick(): void {
    for (const arrival of this.#arrivals) {
      arrival.ticks += 1;
      if (arrival.ticks >= TICKS_MAX) arrival.passOn();
    }
  }
}
