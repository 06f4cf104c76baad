// The span of a request that is answered, with the names of the semantic conventions for HTTP (stable). Its name is of
// the route, never of the path, and the query is nowhere.
import {
  context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { RequestCause } from '../http/request-cause.ts';
import type { OpenRequestSpan, TracedRequest } from './tracing.ts';

/** The methods that the conventions know; a client can make up others, and a name of a span for each. */
const methods: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'];

export function requestSpans(tracer: Tracer): OpenRequestSpan {
  const propagator = new W3CTraceContextPropagator();
  return (request) => {
    const { cause } = request;
    const parent = propagator.extract(ROOT_CONTEXT, cause, defaultTextMapGetter);
    const method = methods.includes(request.method) ? request.method : 'HTTP';
    const span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes: attributesOf(request) }, parent);
    const within = trace.setSpan(parent, span);
    const carried: { traceparent?: string; tracestate?: string } = {};
    propagator.inject(within, carried, defaultTextMapSetter);
    return {
      cause: { ...withoutTrace(cause), ...carried },
      run: (work) => context.with(within, work),
      end: ({ route, status }) => {
        span.setAttribute('http.response.status_code', status);
        if (route !== null) span.updateName(`${method} ${route}`).setAttribute('http.route', route);
        if (status >= 500) {
          span.setAttribute('error.type', String(status)).setStatus({ code: SpanStatusCode.ERROR });
        }
        span.end();
      },
    };
  };
}

function attributesOf({ method, path, scheme }: TracedRequest) {
  return {
    'http.request.method': methods.includes(method) ? method : '_OTHER',
    'url.path': path,
    'url.scheme': scheme,
  };
}

function withoutTrace({ correlationId, actor }: RequestCause): RequestCause {
  return { correlationId, actor };
}
