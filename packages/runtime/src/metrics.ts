// What Prometheus reads: the process's own metrics and the duration of HTTP requests, with the names of the
// OpenTelemetry semantic conventions. A registry per service object, never the global one: tests run several.
import prom from 'prom-client';

export type RequestObservation = {
  readonly method: string;
  /** The route template (`/shows/:id/`), never the path: a label value per id would grow without bound (O3). */
  readonly route: string;
  readonly status: number;
  readonly durationSeconds: number;
};

export type Metrics = {
  /** Register a service's own metrics with `registers: [metrics.registry]`. */
  readonly registry: prom.Registry;
  observeRequest(observation: RequestObservation): void;
};

/** The buckets the semantic conventions advise for `http.server.request.duration`. */
const durationBucketsSeconds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

export function createMetrics(options: { readonly service: string }): Metrics {
  const registry = new prom.Registry();
  registry.setDefaultLabels({ service: options.service });
  prom.collectDefaultMetrics({ register: registry });
  const duration = new prom.Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Duration of HTTP server requests, by method, route template and status',
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code'] as const,
    buckets: durationBucketsSeconds,
    registers: [registry],
  });
  return {
    registry,
    observeRequest: ({ method, route, status, durationSeconds }) =>
      duration.observe(
        { http_request_method: method, http_route: route, http_response_status_code: status },
        durationSeconds,
      ),
  };
}
