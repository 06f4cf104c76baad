// The connection to nats-server, kept for ever. A service starts and answers reads while the broker is away, so there
// may be no connection yet; nats.js reconnects by itself once there was one, and when it gives up for good (expired
// credentials, say) a new connection is made. Everything that uses it is told when it is up and when it is down.
//
// K1  no socket outlives its use: not that of an attempt nobody answered, and none at all after `close`.
// K2  what a listener throws reaches neither the other listeners nor the connection.
import { connect, type ConnectionOptions, type NatsConnection } from '@nats-io/transport-node';
import type { Log } from '../log.ts';
import type { BackendState } from '../ports.ts';
import { pause, type Time } from '../time.ts';
import { dropWritesToEndedSockets } from './ended-sockets.ts';
import { closeFailedDials } from './failed-dials.ts';
import { acceptForeignHeaders } from './foreign-headers.ts';

export type LinkListener = {
  /** Called with every new connection and after every reconnect. */
  readonly up: (connection: NatsConnection) => void;
  readonly down: (reason: string) => void;
};

export type Link = {
  /** The live connection; null while the broker is away. */
  connection(): NatsConnection | null;
  /** Resolves with the live connection; rejects with the reason of `signal` when that is aborted first, and on `close`. */
  whenUp(signal: AbortSignal): Promise<NatsConnection>;
  /** Calls `listener.up` at once when the link is up. Returns how to stop listening. */
  listen(listener: LinkListener): () => void;
  state(): BackendState;
  close(): Promise<void>;
};

const CONNECT_TIMEOUT_MS = 2_000;
/** Short enough that a broker's restart is hardly felt, with jitter so that a network of services does not stampede. */
const RECONNECT_WAIT_MS = 250;
const RECONNECT_JITTER_MS = 250;
/** nats.js pings every two minutes by default: a silent peer would go unnoticed for four. */
const PING_INTERVAL_MS = 10_000;

export type LinkOptions = {
  readonly host: string;
  readonly port: number;
  /** Shown by the server's monitor. */
  readonly name: string;
  readonly log: Log;
  readonly time: Time;
};

/** Starts connecting and returns at once. */
export function openLink(options: LinkOptions): Link {
  acceptForeignHeaders(); // (F1)
  closeFailedDials(); // (K1)
  dropWritesToEndedSockets(); // (K3)
  const { log, time } = options;
  const listeners = new Set<LinkListener>();
  const closing = new AbortController();
  let state: BackendState = { state: 'down', reason: 'not connected yet' };
  let connection: NatsConnection | null = null;
  const live = (): NatsConnection | null => (state.state === 'up' ? connection : null);

  /** One that throws costs the others, and the connection, nothing. (K2) */
  const tell = (listener: LinkListener, what: (listener: LinkListener) => void): void => {
    try {
      what(listener);
    } catch (error) {
      log.error({ err: error }, 'a listener of the connection failed');
    }
  };
  const setUp = (nc: NatsConnection): void => {
    state = { state: 'up' };
    log.info({ server: nc.getServer() }, 'connected to nats-server');
    for (const listener of listeners) tell(listener, ({ up }) => up(nc));
  };
  const setDown = (reason: string): void => {
    if (state.state === 'up') log.warn({ reason }, 'nats-server is away');
    state = { state: 'down', reason };
    for (const listener of listeners) tell(listener, ({ down }) => down(reason));
  };

  const keep = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      const opened = await open(options, closing.signal, setDown);
      if (opened === null) return;
      connection = opened;
      setUp(opened);
      const watched = watch(opened, log, setUp, setDown);
      const error = await opened.closed();
      await watched;
      connection = null;
      setDown(error instanceof Error ? error.message : 'the connection was closed');
      if (!closing.signal.aborted) await pause(time, RECONNECT_WAIT_MS, closing.signal);
    }
  };
  const kept = keep();

  return {
    connection: live,
    whenUp: (signal) => whenUp(AbortSignal.any([signal, closing.signal]), live, listeners),
    listen: (listener) => {
      listeners.add(listener);
      const now = live();
      if (now !== null) tell(listener, ({ up }) => up(now));
      return () => listeners.delete(listener);
    },
    state: () => state,
    close: async () => {
      closing.abort(new Error('the connection to nats-server was closed'));
      await connection?.close();
      await kept;
      listeners.clear(); // only now: they were told that it is down
    },
  };
}

/** One connection, however long it takes; null when `signal` is aborted first. */
async function open(
  options: LinkOptions,
  signal: AbortSignal,
  setDown: (reason: string) => void,
): Promise<NatsConnection | null> {
  while (!signal.aborted) {
    try {
      const connection = await connect(connectionOptions(options));
      if (!signal.aborted) return connection;
      await connection.close();
    } catch (error) {
      setDown(error instanceof Error ? error.message : String(error));
      await pause(options.time, RECONNECT_WAIT_MS, signal);
    }
  }
  return null;
}

function connectionOptions({ host, port, name }: LinkOptions): ConnectionOptions {
  return {
    servers: `${host}:${port}`,
    name,
    timeout: CONNECT_TIMEOUT_MS,
    // The default gives up after ten attempts, which has cost others a day of outage.
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_WAIT_MS,
    reconnectJitter: RECONNECT_JITTER_MS,
    pingInterval: PING_INTERVAL_MS,
    maxPingOut: 2,
    // nats.js would build an Error with a stack for every request: measured at 2.3 times the cost of a publish.
    noAsyncTraces: true,
  };
}

async function watch(
  connection: NatsConnection,
  log: Log,
  up: (nc: NatsConnection) => void,
  down: (reason: string) => void,
): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === 'reconnect') up(connection);
    else if (status.type === 'disconnect') down('the connection was lost');
    // A permission that is missing, most of all: whoever subscribed or published hears of it in no other way.
    else if (status.type === 'error') log.error({ err: status.error }, 'nats-server objects');
  }
}

function whenUp(
  signal: AbortSignal,
  current: () => NatsConnection | null,
  listeners: Set<LinkListener>,
): Promise<NatsConnection> {
  const connection = current();
  if (connection !== null) return Promise.resolve(connection);
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      listeners.delete(listener);
      signal.removeEventListener('abort', aborted);
    };
    const listener: LinkListener = {
      up: (nc) => {
        settle();
        resolve(nc);
      },
      down: () => undefined,
    };
    const aborted = (): void => {
      settle();
      reject(signal.reason instanceof Error ? signal.reason : new Error('given up waiting for nats-server'));
    };
    if (signal.aborted) return aborted();
    listeners.add(listener);
    signal.addEventListener('abort', aborted, { once: true });
  });
}
