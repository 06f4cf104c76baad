// The settings of the audit log, beside those that every service has.
import { decimalInteger, serviceConfig } from '@longwave/runtime';
import { z } from 'zod';

export const config = serviceConfig.extend({
  PORT: decimalInteger({ min: 0, max: 65_535 })
    .default(8083)
    .meta({ description: 'a TCP port, or 0 for any free one' }),
  DATABASE_URL: z
    .url({ protocol: /^postgres(?:ql)?$/ })
    .meta({ description: 'the Postgres of this service, e.g. postgres://user:password@host:5432/audit_log' }),
  NATS_HOST: z.string().default('127.0.0.1').meta({ description: 'where nats-server listens' }),
  NATS_PORT: decimalInteger({ min: 1, max: 65_535 })
    .default(4222)
    .meta({ description: 'the port of nats-server for clients' }),
  NATS_MONITOR_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({ description: 'the monitor of nats-server, e.g. http://127.0.0.1:8222; unset: durability is not checked' }),
  NATS_DURABILITY: z
    .enum(['strict', 'relaxed'])
    .default('strict')
    .meta({ description: 'strict: not ready unless nats-server syncs always; relaxed: a power cut may cost messages' }),
});

export type Config = Readonly<z.infer<typeof config>>;
