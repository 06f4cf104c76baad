// The services of a station, as data: where each one is and what it has to be told.
import { withDatabaseName } from '@longwave/database';

/** What every service is told about. */
export type StationAddresses = {
  /** What a browser types: the gateway. */
  readonly publicUrl: string;
  readonly natsHost: string;
  readonly natsPort: number;
  /** Absent for a nats-server that is not ours and whose monitor nobody named. */
  readonly natsMonitorUrl: string | undefined;
  readonly databaseUrl: string;
  readonly ports: Readonly<Record<ServiceName, number>>;
};

export const serviceNames = ['steering', 'resolver', 'audit-log', 'sse-proxy', 'gateway'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** Offsets from the gateway's port: 8080 for the gateway makes 8081 for steering. */
export const portOffsets: Readonly<Record<ServiceName, number>> = {
  gateway: 0,
  steering: 1,
  resolver: 2,
  'audit-log': 3,
  'sse-proxy': 4,
};

const HOST = '127.0.0.1';

/** The environment of one service. */
export function environmentOf(
  name: ServiceName,
  station: StationAddresses,
  dashboardDirectory: string,
): NodeJS.ProcessEnv {
  const { publicUrl, natsHost, natsPort, natsMonitorUrl, ports } = station;
  const common = {
    HOST,
    PORT: String(ports[name]),
    PUBLIC_URL: publicUrl,
    TRUSTED_PROXIES: 'loopback',
    LOG_PRETTY: 'false',
  };
  const nats = {
    NATS_HOST: natsHost,
    NATS_PORT: String(natsPort),
    ...(natsMonitorUrl === undefined ? {} : { NATS_MONITOR_URL: natsMonitorUrl }),
  };
  if (name === 'gateway')
    return { ...common, TRUSTED_PROXIES: '', ...upstreams(ports), DASHBOARD_DIRECTORY: dashboardDirectory };
  if (name === 'sse-proxy') return { ...common, ...nats };
  return { ...common, ...nats, DATABASE_URL: withDatabaseName(station.databaseUrl, name.replaceAll('-', '_')) };
}

function upstreams(ports: Readonly<Record<ServiceName, number>>): NodeJS.ProcessEnv {
  const url = (name: ServiceName): string => `http://${HOST}:${ports[name]}`;
  return {
    STEERING_URL: url('steering'),
    RESOLVER_URL: url('resolver'),
    AUDIT_LOG_URL: url('audit-log'),
    SSE_PROXY_URL: url('sse-proxy'),
  };
}
