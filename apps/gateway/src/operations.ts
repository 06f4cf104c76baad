// What the gateway answers about itself. Metrics are for the operator of this machine: whoever comes through a proxy or
// from another machine finds nothing there.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Health, Metrics } from '@longwave/runtime';

export type Operation = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** By path. Undefined for a metrics request that comes from elsewhere. */
export function operationsOf(
  health: Health,
  metrics: Metrics,
): (path: string, request: IncomingMessage) => Operation | undefined {
  const live: Operation = async (_request, response) => answerJson(response, 200, { status: 'live' });
  const ready: Operation = async (_request, response) => {
    const report = await health.report();
    answerJson(response, report.status === 'ready' ? 200 : 503, report);
  };
  const byPath: ReadonlyMap<string, Operation> = new Map([
    ['/health/live', live],
    ['/health/ready', ready],
    ['/gateway/health/live', live],
    ['/gateway/health/ready', ready],
  ]);
  const scrape: Operation = async (_request, response) => {
    response.setHeader('content-type', metrics.registry.contentType);
    response.end(await metrics.registry.metrics());
  };
  return (path, request) => (path === '/metrics' && isLocal(request) ? scrape : byPath.get(path));
}

function isLocal({ socket, headers }: IncomingMessage): boolean {
  const { remoteAddress = '' } = socket;
  return /^(?:(?:::ffff:)?127\.|::1$)/.test(remoteAddress) && headers['x-forwarded-for'] === undefined;
}

function answerJson(response: ServerResponse, status: number, content: object): void {
  const text = JSON.stringify(content);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
