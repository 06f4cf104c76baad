// The settings every service has. A service extends this object with its own keys.
// No default here is dangerous: without a word of configuration a service listens on loopback only.
import { isIP } from 'node:net';
import { z } from 'zod';
import { decimalInteger } from '../decimal-integer.ts';

const proxyNames: readonly string[] = ['loopback', 'linklocal', 'uniquelocal'];
/** Docker and Kubernetes kill after 10 s or more; what has not stopped by 8 s would be killed anyway. */
const shutdownWithinMsDefault = 8000;

const trustedProxiesDescription = `addresses or CIDR ranges of the proxies whose X-Forwarded-For counts, by comma; also ${proxyNames.join(', ')}`;

const trustedProxies = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .refine((parts) => parts.every(isProxy), `is wrong; expected: ${trustedProxiesDescription}`)
  .default([]);

const ratio = z
  .string()
  .regex(/^(?:0(?:\.\d{1,9})?|1(?:\.0{1,9})?)$/)
  .transform(Number);

const replicaIdPattern = /^[A-Za-z0-9_-]{1,64}$/;

export const serviceConfig = z.object({
  HOST: z.string().default('127.0.0.1').meta({ description: 'the address to listen on' }),
  PORT: decimalInteger({ min: 0, max: 65_535 }).meta({ description: 'a TCP port, or 0 for any free one' }),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional()
    .meta({ description: 'the http(s) address clients reach this service by, e.g. https://radio.example' }),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])
    .default('info')
    .meta({ description: 'trace, debug, info, warn, error or fatal' }),
  LOG_PRETTY: z.stringbool().optional().meta({ description: 'true or false; unset: true in a terminal' }),
  TRUSTED_PROXIES: trustedProxies.meta({
    description: trustedProxiesDescription,
  }),
  AUTH_POLICY: z.enum(['open', 'open-in-private-network']).default('open').meta({
    description:
      "'open' or 'open-in-private-network': everyone who can connect may do everything; connect from this machine, or from a private network",
  }),
  SHUTDOWN_WITHIN_MS: decimalInteger({ min: 1, max: 600_000 })
    .default(shutdownWithinMsDefault)
    .meta({ description: 'milliseconds between SIGTERM and giving up on what still runs' }),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({ description: 'the OTLP/HTTP endpoint that gets the traces, e.g. http://127.0.0.1:4318; unset: no traces' }),
  OTEL_TRACES_SAMPLER_ARG: ratio
    .optional()
    .meta({ description: 'how many of the traces that begin here are kept, 0 to 1; unset: all' }),
  REPLICA_ID: z.string().regex(replicaIdPattern).optional().meta({
    description:
      'the name of this process among its replicas, 1–64 of A–Z a–z 0–9 _ -; unset: a new one at every start',
  }),
});

export type ServiceConfig = Readonly<z.infer<typeof serviceConfig>>;

function isProxy(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  if (prefix === undefined) return proxyNames.includes(text) || isIP(text) !== 0;
  const bitsMax = isIP(address) === 6 ? 128 : 32;
  return rest.length === 0 && isIP(address) !== 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bitsMax;
}
