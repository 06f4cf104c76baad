// The settings of this service, besides those that every service has.
import { fileURLToPath } from 'node:url';
import { decimalInteger, serviceConfig } from '@longwave/runtime';
import { z } from 'zod';

/** Where a service is; the path of a request is never changed, so an address with one would be a mistake. */
const upstreamUrl = z.url({ protocol: /^http$/ }).refine(isOrigin, 'Invalid input: expected no path, query or user');

const described = { description: 'its address, e.g. http://127.0.0.1:8081' };

export const config = serviceConfig.extend({
  PORT: decimalInteger({ min: 0, max: 65_535 })
    .default(8080)
    .meta({ description: 'a TCP port, or 0 for any free one' }),
  STEERING_URL: upstreamUrl.default('http://127.0.0.1:8081').meta(described),
  RESOLVER_URL: upstreamUrl.default('http://127.0.0.1:8082').meta(described),
  AUDIT_LOG_URL: upstreamUrl.default('http://127.0.0.1:8083').meta(described),
  SSE_PROXY_URL: upstreamUrl.default('http://127.0.0.1:8084').meta(described),
  AUTH_URL: upstreamUrl.optional().meta({ description: 'its address; unset: there is no auth service' }),
  DASHBOARD_DIRECTORY: z
    .string()
    // The same two steps from src/ and from dist/.
    .default(fileURLToPath(new URL('../../dashboard/dist', import.meta.url)))
    .meta({ description: 'the folder with the built dashboard' }),
  UPSTREAM_ANSWER_WITHIN_MS: decimalInteger({ min: 100, max: 600_000 })
    .default(30_000)
    .meta({ description: 'milliseconds a service may take to begin its answer' }),
});

export type Config = Readonly<z.infer<typeof config>>;

function isOrigin(text: string): boolean {
  return URL.canParse(text) && `${new URL(text).origin}/` === new URL(text).href;
}
