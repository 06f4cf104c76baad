// What a service is told of its broker in the environment, under the same names everywhere. A zod shape, to extend the
// settings of a service with; reading the environment is not done here.
import { z } from 'zod';

const PORT_MAX = 65_535;

export const natsSettings = {
  NATS_HOST: z.string().default('127.0.0.1').meta({ description: 'where nats-server listens' }),
  NATS_PORT: z
    .string()
    .regex(/^[1-9]\d*$/)
    .transform(Number)
    .pipe(z.int().max(PORT_MAX))
    .default(4222)
    .meta({ description: 'the port of nats-server for clients' }),
  NATS_MONITOR_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({ description: 'the monitor of nats-server, e.g. http://127.0.0.1:8222; unset: durability is not checked' }),
  // Refused in words, because ignoring it would send the messages of one station to the broker of another.
  KAFKA_HOST: z
    .never()
    .optional()
    .meta({ description: 'nothing: a service has one broker, the nats-server of NATS_HOST; unset it' }),
  NATS_DURABILITY: z
    .enum(['strict', 'relaxed'])
    .default('strict')
    .meta({ description: 'strict: not ready unless nats-server syncs always; relaxed: a power cut may cost messages' }),
};

export type NatsSettings = Readonly<z.infer<z.ZodObject<typeof natsSettings>>>;

/** For `connectJetStream` (`host`, `port`) and `checkDurability` (`monitorUrl`, `relaxed`). */
export type BrokerTarget = {
  readonly host: string;
  readonly port: number;
  readonly monitorUrl: string | undefined;
  readonly relaxed: boolean;
};

export function brokerTarget(settings: NatsSettings): BrokerTarget {
  return {
    host: settings.NATS_HOST,
    port: settings.NATS_PORT,
    monitorUrl: settings.NATS_MONITOR_URL,
    relaxed: settings.NATS_DURABILITY === 'relaxed',
  };
}
