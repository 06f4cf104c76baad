// The services behind the gateway: which there are, where, and which paths are theirs.
import type { Config } from './config.ts';

export type Upstream = { readonly name: string; readonly host: string; readonly port: number };

/** By the first segment of the path. */
export type Routes = ReadonlyMap<string, Upstream>;

export function upstreamsOf(config: Config): readonly Upstream[] {
  const { AUTH_URL: authUrl } = config;
  return [
    upstreamAt('steering', config.STEERING_URL),
    upstreamAt('resolver', config.RESOLVER_URL),
    upstreamAt('audit-log', config.AUDIT_LOG_URL),
    upstreamAt('sse-proxy', config.SSE_PROXY_URL),
    ...(authUrl === undefined ? [] : [upstreamAt('auth', authUrl)]),
  ];
}

/** Every service under its own name, and what the sse-proxy serves under the name that browsers know. */
export function routesOf(upstreams: readonly Upstream[]): Routes {
  return new Map(
    upstreams.flatMap((upstream) => {
      const segments = upstream.name === 'sse-proxy' ? [upstream.name, 'events'] : [upstream.name];
      return segments.map((segment) => [segment, upstream] as const);
    }),
  );
}

const HTTP_PORT = 80;

function upstreamAt(name: string, url: string): Upstream {
  const { hostname, port } = new URL(url);
  // URLs write IPv6 addresses in brackets; sockets do not.
  return { name, host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? HTTP_PORT : Number(port) };
}
