// The header of the request to a service: the client's, without what it may not decide, and with what we know of it.
import type { IncomingMessage } from 'node:http';
import { Problem } from '@longwave/runtime';
import type { TraceContext } from '../open-span.ts';
import type { Upstream } from '../upstream.ts';
import type { ClientFacts } from './client-facts.ts';
import { endToEnd } from './end-to-end-headers.ts';

export type HeaderFacts = {
  readonly client: ClientFacts;
  readonly upstream: Upstream;
  /** Our name in `Via`. */
  readonly pseudonym: string;
  readonly correlationId: string;
  /** Instead of what the client says; null: it is passed on. */
  readonly trace: TraceContext | null;
};

/** Written by us or by nobody: a service believes these. */
const REPLACED: ReadonlySet<string> = new Set([
  'forwarded',
  'host',
  'via',
  'x-correlation-id',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-proto',
  'x-forwarded-server',
  'x-real-ip',
  // Node has answered it already.
  'expect',
]);

/** (G6) */
const REPLACED_IN_SPAN: ReadonlySet<string> = new Set([...REPLACED, 'traceparent', 'tracestate']);

/** Throws Problem 508 `loop-detected` for a request that has been here before. */
export function upstreamHeaders(request: IncomingMessage, facts: HeaderFacts): string[] {
  const { client, upstream } = facts;
  const via = `1.1 ${facts.pseudonym}`;
  const { via: received } = request.headers;
  if (received?.split(',').some((hop) => hop.trim() === via) === true) throw loopDetected();
  const told: readonly (readonly [name: string, value: string])[] = [
    // The client's own: a service compares it with Origin. HTTP/1.0 has none.
    ['Host', request.headers.host ?? `${upstream.name}:${upstream.port}`],
    ['X-Forwarded-Host', client.host ?? ''],
    ['X-Forwarded-For', client.address],
    ['X-Forwarded-Proto', client.protocol],
    ['X-Correlation-Id', facts.correlationId],
    ['Via', received === undefined ? via : `${received}, ${via}`],
    ['traceparent', facts.trace?.traceparent ?? ''],
    ['tracestate', facts.trace?.tracestate ?? ''],
  ];
  const known = told.filter(([, value]) => value !== '');
  const replaced = facts.trace === null ? REPLACED : REPLACED_IN_SPAN;
  return [...endToEnd(request.rawHeaders, replaced), ...bodyFraming(request), ...known.flat()];
}

/** Whether a body follows; a request that says nothing of one has none (RFC 9112 §6.3). */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * Said, not left to Node: it frames a body by the method, and the bytes of a DELETE with a body but without a header
 * that says so would be read as the next request.
 */
function bodyFraming({ headers, method }: IncomingMessage): readonly string[] {
  if (headers['transfer-encoding'] !== undefined) return ['Transfer-Encoding', 'chunked'];
  const isUsual = method === 'POST' || method === 'PUT' || method === 'PATCH';
  return headers['content-length'] === undefined && isUsual ? ['Content-Length', '0'] : [];
}

function loopDetected(): Problem {
  return new Problem({
    status: 508,
    code: 'loop-detected',
    detail: 'This request has come through this gateway before: one of its upstream addresses leads back to it.',
  });
}
