// What steering reads from the environment, beside what every service does.
import { decimalInteger, serviceConfig } from '@longwave/runtime';
import { z } from 'zod';

export const config = serviceConfig.extend({
  PORT: decimalInteger({ min: 0, max: 65_535 })
    .default(8081)
    .meta({ description: 'a TCP port, or 0 for any free one' }),
  DATABASE_URL: z
    .url({ protocol: /^postgres(?:ql)?$/ })
    .meta({ description: 'the Postgres of this service, e.g. postgres://user:password@host:5432/steering' }),
  NATS_HOST: z.string().default('127.0.0.1').meta({ description: 'the host of nats-server' }),
  NATS_PORT: decimalInteger({ min: 1, max: 65_535 })
    .default(4222)
    .meta({ description: 'the client port of nats-server' }),
  NATS_MONITOR_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({ description: "nats-server's monitor, e.g. http://127.0.0.1:8222; unset: its durability is not known" }),
  NATS_DURABILITY: z
    .enum(['strict', 'relaxed'])
    .default('strict')
    .meta({ description: "'relaxed' accepts a nats-server that loses acknowledged messages in a power cut" }),
});

export type Config = Readonly<z.infer<typeof config>>;
