// Whether a request is meant for us by its Host. A foreign page can have its own name point at this machine
// (DNS rebinding); its requests then are same-origin to the browser, and only the name tells them from ours.
import { isIP } from 'node:net';
import { Problem } from '@longwave/runtime';

/** Throws Problem 421 `misdirected-request`. A request without a Host comes from no browser. */
export type RefuseForeignHost = (host: string | undefined) => void;

/** Ours are addresses (nobody can point those elsewhere), `localhost`, the name in PUBLIC_URL and the one in HOST. */
export function foreignHostRefusal(own: {
  readonly publicUrl: string | undefined;
  readonly host: string;
}): RefuseForeignHost {
  const names = new Set(['localhost', own.host.toLowerCase()]);
  if (own.publicUrl !== undefined) names.add(new URL(own.publicUrl).hostname);
  return (host) => {
    if (host === undefined) return;
    const name = host.replace(/:\d*$/, '').toLowerCase();
    if (names.has(name) || name.endsWith('.localhost') || isIP(name.replace(/^\[|\]$/g, '')) !== 0) return;
    throw new Problem({
      status: 421,
      code: 'misdirected-request',
      detail: 'This gateway is not known by that name. If it should be, name it in PUBLIC_URL.',
    });
  };
}
