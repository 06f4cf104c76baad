// What every service serves beside its own routes: health, metrics, the OpenAPI document and a page that
// renders it. Under `/` for probes, and under `/<service>/` for the gateway, which strips nothing.
// Metrics only under `/`: they are for the operator's network, not for whoever reaches the gateway.
import type { Express, Request, Response } from 'express';
import type { Health } from '../health/health.ts';
import type { Metrics } from '../metrics.ts';
import type { ApiPage } from '../openapi/api-page.ts';

export type OperationsOptions = {
  readonly serviceName: string;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly document: object;
  readonly page: ApiPage;
  /** Called first: these requests are not worth a line at info. */
  readonly mark: (request: Request, response: Response, route: string) => void;
};

type Operation = (response: Response) => Promise<void> | void;

export function addOperations(app: Express, options: OperationsOptions): void {
  const both: Record<string, Operation> = {
    '/health/live': (response) => void response.json({ status: 'live' }),
    '/health/ready': (response) => answerReadiness(response, options.health),
    '/openapi.json': (response) => void response.json(options.document),
    '/docs': (response) => answerPage(response, options.page),
  };
  for (const [path, operation] of Object.entries(both)) {
    for (const mounted of [path, `/${options.serviceName}${path}`]) addOperation(app, mounted, operation, options.mark);
  }
  addOperation(app, '/metrics', (response) => answerMetrics(response, options.metrics), options.mark);
}

function addOperation(app: Express, path: string, operation: Operation, mark: OperationsOptions['mark']): void {
  app.get(path, async (request, response) => {
    mark(request, response, path);
    response.setHeader('cache-control', 'no-store');
    await operation(response);
  });
}

async function answerReadiness(response: Response, health: Health): Promise<void> {
  const report = await health.report();
  response.status(report.status === 'ready' ? 200 : 503).json(report);
}

async function answerMetrics(response: Response, { registry }: Metrics): Promise<void> {
  const text = await registry.metrics();
  response.setHeader('content-type', registry.contentType);
  response.end(text);
}

function answerPage(response: Response, page: ApiPage): void {
  response.setHeader('content-security-policy', page.contentSecurityPolicy);
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end(page.html);
}
