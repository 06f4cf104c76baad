// What a service may use of this package.
export { systemClock } from './clock.ts';
export type { Clock } from './clock.ts';
export { ConfigError, readConfig } from './config/read-config.ts';
export type { ConfigProblem } from './config/read-config.ts';
export { serviceConfig } from './config/service-config.ts';
export type { ServiceConfig } from './config/service-config.ts';
export { decimalInteger } from './decimal-integer.ts';
export { Health } from './health/health.ts';
export type { HealthOptions, HealthReport } from './health/health.ts';
export type { HealthCheck, HealthState } from './health/probe.ts';
export { createHttpApp } from './http/create-http-app.ts';
export type { HttpAppOptions, ServiceInfo } from './http/create-http-app.ts';
export type { TranslateError } from './http/answer-error.ts';
export { listen, ListenError } from './http/listen.ts';
export type { Listening, TakeConnection } from './http/listen.ts';
export { requestCauseOf } from './http/request-cause.ts';
export type { RequestCause } from './http/request-cause.ts';
export { RouteDeclarationError } from './http/require-strict.ts';
export { route, streamRoute } from './http/route.ts';
export type { Method, Reply, ResponseDeclaration, Route, RouteContract, RouteRequest } from './http/route.ts';
export { uuidIds } from './ids.ts';
export type { Ids } from './ids.ts';
export { createLogger } from './logger.ts';
export type { Logger, LoggerOptions, LogLevel } from './logger.ts';
export { createMetrics } from './metrics.ts';
export type { Metrics, RequestObservation } from './metrics.ts';
export { createOpenApiDocument } from './openapi/openapi-document.ts';
export type { OpenApiDocument } from './openapi/openapi-document.ts';
export { Problem } from './problem/problem.ts';
export type { ProblemItem, ProblemOptions } from './problem/problem.ts';
export {
  conflict,
  invalidBody,
  notFound,
  payloadTooLarge,
  preconditionFailed,
  tooManyRequests,
  unavailable,
  unprocessable,
  unsupportedMediaType,
} from './problem/problems.ts';
export { writeProblem } from './problem/write-problem.ts';
export { exitCodes } from './process/exit-codes.ts';
export { Lifecycle, ReleaseTimeoutError } from './process/lifecycle.ts';
export type { LifecycleOptions, Release, Remaining } from './process/lifecycle.ts';
export { runService } from './process/run-service.ts';
export type { ServiceConfigSchema, ServiceDefinition, ServiceDeps } from './process/run-service.ts';
export type { RequestSpan, Tracing } from './tracing/tracing.ts';
export { withLifecycle } from './process/with-lifecycle.ts';
export type { RunningService } from './process/with-lifecycle.ts';
