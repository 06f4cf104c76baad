// The settings of the audit log, beside those that every service has.
import { natsSettings } from '@longwave/messaging/jetstream';
import { decimalInteger, serviceConfig } from '@longwave/runtime';
import { z } from 'zod';

export const config = serviceConfig.extend({
  PORT: decimalInteger({ min: 0, max: 65_535 })
    .default(8083)
    .meta({ description: 'a TCP port, or 0 for any free one' }),
  DATABASE_URL: z
    .url({ protocol: /^postgres(?:ql)?$/ })
    .meta({ description: 'the Postgres of this service, e.g. postgres://user:password@host:5432/audit_log' }),
  ...natsSettings,
});

export type Config = Readonly<z.infer<typeof config>>;
