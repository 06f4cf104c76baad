// What of OpenTelemetry a process loads (J3), as Node's own module hooks see it.
import { afterEach, expect, test } from '@jest/globals';
import { forkService, type ServiceProcess } from './support/service-process.ts';
import { until } from './support/until.ts';

const running: ServiceProcess[] = [];
afterEach(async () => {
  for (const { child } of running) child.kill('SIGKILL');
  await Promise.all(running.splice(0).map(({ exited }) => exited));
});

const tellImports = `
  import { registerHooks } from 'node:module';
  registerHooks({
    resolve(name, context, next) {
      // The API itself is a dependency of prom-client.
      if (name.startsWith('@opentelemetry/') && name !== '@opentelemetry/api') process.stderr.write('loads ' + name + '\\n');
      return next(name, context);
    },
  });
`;

async function loadedBy(environment: Readonly<Record<string, string>>): Promise<string> {
  const service = forkService({
    PORT: '0',
    DATABASE_URL: 'postgres://db/x',
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(tellImports)}`,
    ...environment,
  });
  running.push(service);
  await until(() => service.messages.length > 0, 'the service was ready', 20_000);
  return service.stderr();
}

test('a service without an endpoint for traces loads nothing of what makes them (J3)', async () => {
  expect(await loadedBy({})).toBe('');
  expect(await loadedBy({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' })).toContain('@opentelemetry/sdk-trace');
});
