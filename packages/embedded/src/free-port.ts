// Picks loopback ports for servers that will be killed and started again on the same port.
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { isSystemError } from './embedded-server-error.ts';

// Below the range from which Linux (32768…) and macOS (49152…) take the local ports of outgoing connections:
// a port of that range could be lost to any client's connection while its server is down.
const FIRST_PORT = 10_240;
const LAST_PORT = 32_000;
const ATTEMPTS_MAX = 100;

/**
 * A TCP port of 127.0.0.1 on which nobody listens now. Someone else may take it before the caller does:
 * whoever starts a server on it must be ready to try another.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const port = randomInt(FIRST_PORT, LAST_PORT);
    if (await isFree(port)) return port;
  }
  throw new Error(`No free port found on 127.0.0.1 in ${ATTEMPTS_MAX} attempts; are there left-over servers?`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => {
      if (isSystemError(error, 'EADDRINUSE', 'EACCES')) resolve(false);
      else reject(error);
    });
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
