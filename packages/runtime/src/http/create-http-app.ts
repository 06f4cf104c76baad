// Builds a service's HTTP application from its routes. Everything a client can do wrong before a handler runs
// is answered here or in what this file calls; a handler sees valid requests only.
// Does not listen; see listen.ts.
import express from 'express';
import type { Express, Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';
import type { Health } from '../health/health.ts';
import type { Ids } from '../ids.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics.ts';
import { renderApiPage } from '../openapi/api-page.ts';
import { createOpenApiDocument } from '../openapi/openapi-document.ts';
import { Problem } from '../problem/problem.ts';
import { answerError } from './answer-error.ts';
import type { TranslateError } from './answer-error.ts';
import { cors } from './cors.ts';
import { openExchange } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { addOperations } from './operations.ts';
import { refuseCrossOriginWrites } from './refuse-cross-origin-writes.ts';
import { refuseMalformedPath } from './refuse-malformed-path.ts';
import type { Route } from './route.ts';
import { sendReply } from './send-reply.ts';
import type { Tracing } from '../tracing/tracing.ts';

export type ServiceInfo = { readonly name: string; readonly version: string; readonly description: string };

export type HttpAppOptions = {
  readonly service: ServiceInfo;
  /** Before every route's path, e.g. `/steering/api/v1`; `/` for none. */
  readonly basePath: string;
  readonly routes: readonly Route[];
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly ids: Ids;
  /** Absent: nothing is traced. */
  readonly tracing?: Tracing | undefined;
  /** Whose X-Forwarded-For counts: addresses, CIDR ranges, `loopback`, `linklocal`, `uniquelocal`. */
  readonly trustedProxies: readonly string[];
  readonly corsOrigins?: readonly string[];
  readonly translateError?: TranslateError;
};

export function createHttpApp(options: HttpAppOptions): Express {
  const exchanges = new WeakMap<object, Exchange>();
  const exchangeOf = (request: Request, response: Response): Exchange => {
    const exchange = exchanges.get(request) ?? openExchange(request, response, options);
    exchanges.set(request, exchange);
    return exchange;
  };
  const app = express();
  configure(app, options.trustedProxies);
  app.use((request, response, next) => {
    const { span } = exchangeOf(request, response);
    if (span === undefined) next();
    else span.run(next);
  });
  app.use(helmet(helmetOptions));
  if (options.corsOrigins !== undefined) app.use(cors(options.corsOrigins));
  app.use(refuseCrossOriginWrites(options.corsOrigins ?? []));
  app.use(refuseMalformedPath);
  addServiceOperations(app, options, exchangeOf);
  addRoutes(app, options, exchangeOf);
  app.use(refuseUnknownRoute);
  // Express tells an error handler from others by its four parameters.
  app.use((error: unknown, request: Request, response: Response, _next: unknown) => {
    answerError(error, exchangeOf(request, response), response, {
      ids: options.ids,
      translateError: options.translateError,
    });
  });
  return app;
}

type ExchangeOf = (request: Request, response: Response) => Exchange;

const helmetOptions = {
  // An API has no business in a frame and loads nothing; the API page sets a policy of its own.
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  // Whether a host is https only, for a year and with all its subdomains, is for whoever ends TLS to say.
  strictTransportSecurity: false,
} as const;

function configure(app: Express, trustedProxies: readonly string[]): void {
  // Should even the error handler fail, Express must not answer with a stack.
  app.set('env', 'production');
  app.disable('x-powered-by');
  // A hash of the body is no version: handlers set ETags from what they store.
  app.disable('etag');
  app.enable('case sensitive routing');
  app.set('query parser', false);
  app.set('trust proxy', [...trustedProxies]);
}

function addServiceOperations(app: Express, options: HttpAppOptions, exchangeOf: ExchangeOf): void {
  const document = createOpenApiDocument(options);
  addOperations(app, {
    serviceName: options.service.name,
    health: options.health,
    metrics: options.metrics,
    document,
    page: renderApiPage(document),
    mark: (request, response, route) => Object.assign(exchangeOf(request, response), { route, kind: 'operation' }),
  });
}

/** All routes before all refusals: `POST /a/special/` must not be refused on behalf of `GET /a/:id/`. */
function addRoutes(app: Express, { basePath, routes }: HttpAppOptions, exchangeOf: ExchangeOf): void {
  const at = (path: string): string => `${basePath.replace(/\/$/, '')}${path}`;
  for (const route of routes) app.route(at(route.path))[route.method](serve(route, at(route.path), exchangeOf));
  const methodsByPath = Map.groupBy(routes, ({ path }) => path);
  for (const [path, sharing] of methodsByPath) {
    const methods = sharing.map(({ method }) => method.toUpperCase());
    app.route(at(path)).all(refuseMethod(at(path), methods, exchangeOf));
  }
}

function serve(route: Route, template: string, exchangeOf: ExchangeOf): RequestHandler {
  return async (request, response) => {
    const exchange = exchangeOf(request, response);
    Object.assign(exchange, { route: template, kind: route.kind });
    if (route.kind === 'reply' && !request.accepts(['application/json', 'application/problem+json'])) {
      throw new Problem({ status: 406, code: 'not-acceptable', detail: 'This answers application/json only.' });
    }
    const reply = await route.serve(exchange, response);
    if (reply !== undefined && !response.destroyed) sendReply(response, reply);
  };
}

function refuseMethod(template: string, methods: readonly string[], exchangeOf: ExchangeOf): RequestHandler {
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  return (request, response) => {
    exchangeOf(request, response).route = template;
    if (request.method !== 'OPTIONS') {
      throw new Problem({ status: 405, code: 'method-not-allowed', detail: `Allowed: ${allow}.`, headers: { allow } });
    }
    response.setHeader('allow', allow);
    response.status(204).end();
  };
}

const refuseUnknownRoute: RequestHandler = (request) => {
  throw new Problem({
    status: 404,
    code: 'not-found',
    title: 'No such route',
    detail: `There is no ${request.path} here.`,
  });
};
