// Who asks, over what, for which host: from the connection, or from the headers of a proxy that is trusted (G3).
// Services are told one address, the one that was found here, so they need trust nobody but this gateway.
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import proxyAddr from 'proxy-addr';

export type ClientFacts = {
  readonly address: string;
  readonly protocol: 'http' | 'https';
  /** Absent in HTTP/1.0. */
  readonly host: string | undefined;
};

export type ReadClientFacts = (request: IncomingMessage) => ClientFacts;

/** `trustedProxies`: addresses, CIDR ranges, `loopback`, `linklocal`, `uniquelocal`. */
export function clientFactsReader(trustedProxies: readonly string[]): ReadClientFacts {
  const isTrusted = proxyAddr.compile([...trustedProxies]);
  return (request) => {
    const peer = request.socket.remoteAddress ?? '';
    const { host } = request.headers;
    if (!isTrusted(peer, 0)) return { address: plain(peer), protocol: 'http', host };
    const address = proxyAddr(request, isTrusted);
    return {
      // What a trusted proxy passes on may still be what a client made up.
      address: plain(isIP(address) === 0 ? peer : address),
      protocol: lastOf(request.headers['x-forwarded-proto']) === 'https' ? 'https' : 'http',
      host: hostOf(lastOf(request.headers['x-forwarded-host'])) ?? host,
    };
  };
}

/** The nearest proxy appends at the end; only what it says is known to be said by it. */
function lastOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value.split(',').at(-1)?.trim() : value?.at(-1);
}

function hostOf(text: string | undefined): string | undefined {
  return text !== undefined && /^[A-Za-z0-9.:_[\]-]{1,255}$/.test(text) ? text : undefined;
}

/** A dual-stack socket shows IPv4 clients as `::ffff:192.0.2.1`. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
