// The smallest service that can misbehave in every way a test asks for. BEHAVIOUR says which.
import { z } from 'zod';
import { decimalInteger, runService, serviceConfig, withLifecycle, listen } from '../../src/index.ts';

const config = serviceConfig.extend({
  // Another default for a shared key, as every service has for its port.
  PORT: decimalInteger({ min: 0, max: 65_535 }).default(0).meta({ description: 'a TCP port, or 0 for any free one' }),
  BEHAVIOUR: z
    .enum(['well', 'stop-hangs', 'stop-fails', 'start-hangs', 'start-slow', 'start-fails', 'throws', 'rejects'])
    .default('well'),
  DATABASE_URL: z.url().meta({ description: 'a Postgres' }),
});

await runService({
  name: 'demo',
  config,
  start: ({ BEHAVIOUR, HOST, PORT, SHUTDOWN_WITHIN_MS }, { logger }) =>
    withLifecycle({ withinMs: SHUTDOWN_WITHIN_MS, logger }, async (lifecycle) => {
      logger.info('starting');
      const server = await listen(
        (request, response) => {
          if (BEHAVIOUR === 'throws' && request.url === '/crash') setImmediate(() => crash());
          if (BEHAVIOUR === 'rejects' && request.url === '/crash') void Promise.reject(new Error('nobody caught this'));
          response.end('hi');
        },
        { host: HOST, port: PORT },
      );
      lifecycle.add('http', ({ withinMs }) => server.close({ withinMs }));
      lifecycle.add('flush', () => logger.info('flushed'));
      if (BEHAVIOUR === 'stop-hangs') lifecycle.add('hangs', () => new Promise(() => undefined));
      if (BEHAVIOUR === 'stop-fails') lifecycle.add('fails', () => Promise.reject(new Error('it is stuck')));
      if (BEHAVIOUR === 'start-hangs') await new Promise(() => undefined);
      if (BEHAVIOUR === 'start-slow') await new Promise((resolve) => setTimeout(resolve, 300));
      if (BEHAVIOUR === 'start-fails') throw new Error('the broker is not there');
      return { address: server.address };
    }),
});

function crash(): never {
  throw new Error('nobody caught this');
}
