// Opens a service's HTTP port and closes it without cutting anyone off who can still be served (C1).
import { createServer } from 'node:http';
import type { RequestListener, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Logger } from '../logger.ts';
import { answerClientError } from './answer-client-error.ts';

export type Listening = {
  /** e.g. `http://127.0.0.1:8081`; a wildcard host is shown as loopback, where this machine can reach it. */
  readonly address: string;
  readonly port: number;
  /** Stops accepting, lets running requests finish, then cuts what is left. Idempotent. */
  close(options: { readonly withinMs: number }): Promise<void>;
};

/** The port could not be opened; the message says what to do. */
export class ListenError extends Error {
  readonly code = 'listen-failed';

  constructor(host: string, port: number, cause: NodeJS.ErrnoException) {
    super(`cannot listen on ${host}:${port}: ${reasons[cause.code ?? ''] ?? cause.message}`, { cause });
    this.name = 'ListenError';
  }
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process listens there; stop it or set another PORT',
  EACCES: 'not permitted; ports below 1024 need a privilege, set another PORT',
  EADDRNOTAVAIL: 'this machine has no such address; set another HOST',
  ENOTFOUND: 'the name has no address; set another HOST',
};

const timeouts = {
  /** A client that needs longer for its headers is holding the connection, not using it (slowloris). */
  headersTimeout: 15_000,
  /** The same for a whole request; bodies here are small. Does not limit answers, so streams are not affected. */
  requestTimeout: 60_000,
  /** Proxies keep idle connections for 60 s; closing first would race with their next request. */
  keepAliveTimeout: 65_000,
  /** How often the first two are looked at; the default of 30 s would double them. */
  connectionsCheckingInterval: 5000,
} as const;

/**
 * Sees a connection before Node's HTTP parser does. Whatever is not its own it passes on, after putting back
 * (`unshift`) what it has read; passing on twice, or what was read on, garbles the request. What it keeps it also ends:
 * `close` waits for it and does not cut it.
 */
export type TakeConnection = (socket: Socket, passOn: () => void) => void;

export type ListenOptions = {
  readonly host: string;
  readonly port: number;
  readonly logger?: Logger;
  readonly takeConnection?: TakeConnection | undefined;
};

/** @throws ListenError */
export async function listen(app: RequestListener, options: ListenOptions): Promise<Listening> {
  const { host, port, logger, takeConnection } = options;
  const server = createServer(timeouts, app);
  if (takeConnection !== undefined) goBetween(server, takeConnection);
  const running = trackResponses(server);
  server.on('clientError', answerClientError(server));
  await opened(server, host, port);
  // A connection that could not be accepted (no file descriptor left) is that client's loss, not the process's.
  server.on('error', (error) => logger?.warn({ err: error }, 'a connection was not accepted'));
  const { port: actualPort } = addressOf(server);
  let closing: Promise<void> | undefined;
  return {
    address: `http://${displayHost(host)}:${actualPort}`,
    port: actualPort,
    close: ({ withinMs }) => (closing ??= closeGracefully(server, running, withinMs)),
  };
}

/** Puts `take` in the place of what Node does with a new connection. */
function goBetween(server: Server, take: TakeConnection): void {
  const usual = server.listeners('connection');
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    take(socket, () => {
      for (const listener of usual) listener.call(server, socket);
    });
  });
}

/** Answers that are not complete yet. */
function trackResponses(server: Server): ReadonlySet<ServerResponse> {
  const running = new Set<ServerResponse>();
  // Before the application, which may send headers at once.
  server.prependListener('request', (_request, response) => {
    running.add(response);
    if (!server.listening) response.setHeader('connection', 'close');
    response.once('close', () => {
      running.delete(response);
      // While closing, a connection that has just become idle would otherwise stay for its keep-alive time.
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    });
  });
  return running;
}

async function opened(server: Server, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onError = (error: NodeJS.ErrnoException): void => reject(new ListenError(host, port, error));
  server.once('error', onError);
  server.listen({ host, port }, resolve);
  await promise;
  server.off('error', onError);
}

async function closeGracefully(server: Server, running: ReadonlySet<ServerResponse>, withinMs: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.close((error) => (error === undefined ? resolve() : reject(error)));
  for (const response of running) if (!response.headersSent) response.setHeader('connection', 'close');
  const timer = setTimeout(() => server.closeAllConnections(), withinMs);
  await promise.finally(() => clearTimeout(timer));
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  // A string is a Unix socket and null a closed server; this one listens on a port.
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address;
}

function displayHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
