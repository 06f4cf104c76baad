// Where a service that asks nobody who they are may listen. Nothing here identifies anyone: it keeps `AUTH_POLICY` from
// exposing a service by a wrong HOST.
import { BlockList, isIP } from 'node:net';
import type { z } from 'zod';

/** Addresses that no router of the internet passes on: RFC 1918, RFC 4193, link-local. Shared ones (100.64/10) are not. */
const privateRanges = [
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
] as const;

/**
 * Adds the rules of the two open policies. `open`: this machine only (S2). `open-in-private-network`: private addresses
 * only, so that a machine with a public one refuses HOST=0.0.0.0 (S8); `ownAddresses` are those of its interfaces.
 * Apart from the schema itself, because zod refuses to extend a refined object with other defaults for the same keys.
 */
export function refuseExposure<S extends z.ZodObject>(schema: S, ownAddresses: readonly string[]): S {
  const policyIs = (config: Record<string, unknown>, policy: string): boolean => config['AUTH_POLICY'] === policy;
  // Also when other keys are wrong: every problem is to be reported at once.
  const always = { path: ['AUTH_POLICY'], when: () => true };
  return schema
    .refine((config) => !policyIs(config, 'open') || isLoopback(config['HOST']), {
      ...always,
      message:
        "'open' is refused unless HOST is a loopback address (127.0.0.1, ::1, localhost); in a container it is 'open-in-private-network', where only those who may do everything can connect",
    })
    .refine((config) => !policyIs(config, 'open-in-private-network') || isPrivate(config['HOST'], ownAddresses), {
      ...always,
      message:
        "'open-in-private-network' is refused unless HOST is a private address, or 0.0.0.0 or :: on a machine that has private ones only",
    });
}

function isLoopback(host: unknown): boolean {
  if (host === 'localhost' || host === undefined) return true;
  return typeof host === 'string' && loopback().check(host, familyOf(host));
}

function isPrivate(host: unknown, ownAddresses: readonly string[]): boolean {
  if (isLoopback(host)) return true;
  const listening = host === '0.0.0.0' || host === '::' ? ownAddresses : [String(host)];
  const ranges = loopback();
  for (const [network, prefix, family] of privateRanges) ranges.addSubnet(network, prefix, family);
  return listening.every((address) => isIP(address) !== 0 && ranges.check(address, familyOf(address)));
}

function loopback(): BlockList {
  const addresses = new BlockList();
  addresses.addSubnet('127.0.0.0', 8, 'ipv4');
  addresses.addAddress('::1', 'ipv6');
  return addresses;
}

/** A name is no address of any family and is found in no list. */
function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
