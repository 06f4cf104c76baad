// Where the server is and how large streams may be, from the environment (12-factor).
import { natsSettings } from '@longwave/messaging/jetstream';
import { decimalInteger, readConfig } from '@longwave/runtime';
import { streamNames } from '@longwave/contracts';
import { z } from 'zod';
import type { TopologyTarget } from './apply-topology.ts';
import { longwaveTopology } from './topology.ts';

const sizes = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim().split('=')))
  .pipe(z.array(z.tuple([z.enum(streamNames), decimalInteger({ min: 1 })])))
  .transform((entries) => Object.fromEntries(entries));

export const streamsConfig = z.object({
  NATS_HOST: natsSettings.NATS_HOST,
  NATS_PORT: natsSettings.NATS_PORT,
  KAFKA_HOST: natsSettings.KAFKA_HOST,
  STREAM_REPLICAS: decimalInteger({ min: 1, max: 5 })
    .default(1)
    .meta({ description: '1, or 3 in a cluster of three servers' }),
  STREAM_BYTES_MAX: sizes
    .optional()
    .meta({ description: 'the bytes a stream may take, e.g. events=10737418240,resource=5368709120; unset: no limit' }),
});

/** Throws ConfigError with everything that is wrong, StreamsError `invalid-topology` for 2 or 4 replicas. */
export function targetFromEnvironment(environment: NodeJS.ProcessEnv): TopologyTarget {
  const config = readConfig(streamsConfig, environment);
  const { STREAM_REPLICAS: replicas, STREAM_BYTES_MAX: bytesMax = {} } = config;
  return { host: config.NATS_HOST, port: config.NATS_PORT, topology: longwaveTopology({ replicas, bytesMax }) };
}
