// The body of a JSON request: right media type, within its limit, I-JSON. Everything a schema need not say.
import type { Request } from 'express';
import { Problem } from '../problem/problem.ts';
import { unsupportedMediaType } from '../problem/problems.ts';
import { parseIJson } from './i-json.ts';
import { readBody } from './read-body.ts';

/**
 * The parsed body, or undefined if the request has none.
 * @throws Problem 415 `unsupported-media-type`, 413 `body-too-large`, 400 `invalid-json` or `invalid-body`
 */
export async function readJsonBody(request: Request, bytesMax: number): Promise<unknown> {
  if (!hasBody(request)) return undefined;
  const accepted = acceptedTypes(request.method);
  if (!isAccepted(request, accepted)) throw unsupportedMediaType(accepted);
  const bytes = await readBody(request, bytesMax);
  if (bytes.length === 0) return undefined;
  const result = parseIJson(bytes);
  if (result.kind === 'value') return result.value;
  if (result.kind === 'malformed') throw new Problem({ status: 400, code: 'invalid-json', detail: result.detail });
  throw new Problem({ status: 400, code: 'invalid-body', errors: result.errors });
}

/** PATCH bodies are merge patches (RFC 7396), also when they are sent as plain JSON. */
export function acceptedTypes(method: string): readonly string[] {
  const json = 'application/json';
  return method.toUpperCase() === 'PATCH' ? [json, 'application/merge-patch+json'] : [json];
}

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function isAccepted({ headers }: Request, accepted: readonly string[]): boolean {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  const charset = parameters.map((text) => text.trim()).find((text) => text.startsWith('charset='));
  const isUtf8 = charset === undefined || ['charset=utf-8', 'charset="utf-8"'].includes(charset);
  const isPlain = (headers['content-encoding'] ?? 'identity').toLowerCase() === 'identity';
  return accepted.includes(type.trim()) && isUtf8 && isPlain;
}
