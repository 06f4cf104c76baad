// Who a connection comes from: its peer, or whom a trusted proxy names. For limits and the view of connections.
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import proxyAddr from 'proxy-addr';

/** What of a request says so, however it was read. */
export type AddressFacts = {
  readonly peer: string | undefined;
  readonly forwardedFor: string | undefined;
};

export type ReadClientAddress = (facts: AddressFacts) => string;

/** `trustedProxies`: addresses, CIDR ranges, `loopback`, `linklocal`, `uniquelocal`. */
export function clientAddressReader(trustedProxies: readonly string[]): ReadClientAddress {
  const isTrusted = proxyAddr.compile([...trustedProxies]);
  return ({ peer = '', forwardedFor }) => {
    if (forwardedFor === undefined || !isTrusted(peer, 0)) return plain(peer);
    const request: unknown = { socket: { remoteAddress: peer }, headers: { 'x-forwarded-for': forwardedFor } };
    const address = proxyAddr(request as IncomingMessage, isTrusted); // it looks at these two and nothing else
    // What a trusted proxy passes on may still be what a client made up.
    return plain(isIP(address) === 0 ? peer : address);
  };
}

/** A dual-stack socket shows IPv4 clients as `::ffff:192.0.2.1`. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
