// The connections to services. None waits for another: a limit of sockets would be an unbounded queue behind it, and
// every client's connection is at most one of ours.
import { Agent } from 'node:http';

export type Agents = {
  /** Kept for the next request. */
  readonly kept: Agent;
  /** One request each. */
  readonly fresh: Agent;
  /** Closes what is idle and cuts what is not. */
  close(): void;
};

/**
 * Offers to keep the connection and closes it after all: a service that was told `Connection: close` closes as soon as
 * it has answered, and with that resets the connection of a client that is still sending what it refused.
 */
class OneRequestAgent extends Agent {
  override keepSocketAlive(): boolean {
    return false;
  }
}

/** Below the 65 s after which our services close an idle connection. */
const IDLE_MS_MAX = 30_000;
const IDLE_SOCKETS_MAX = 64;

export function createAgents(): Agents {
  const kept = new Agent({ keepAlive: true, maxFreeSockets: IDLE_SOCKETS_MAX, timeout: IDLE_MS_MAX });
  const fresh = new OneRequestAgent({ keepAlive: true });
  return {
    kept,
    fresh,
    close: () => {
      kept.destroy();
      fresh.destroy();
    },
  };
}
