// Speaks to steering as any HTTP client would. Not by fetch, which rewrites paths (`..`), forbids headers (Host), and adds
// `cache-control: no-cache` to every conditional request.
import { request, type IncomingHttpHeaders } from 'node:http';

export type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly etag: string;
  readonly text: string;
  /** The parsed body; `{}` when there is none. */
  readonly body: Readonly<Record<string, unknown>>;
};

export type RequestHeaders = Readonly<Record<string, string>>;

export type Client = {
  /** `path`: below the API's base path, or from the root when it starts with that. A string body is sent as it is. */
  call(method: string, path: string, body?: unknown, headers?: RequestHeaders): Promise<Answer>;
  get(path: string, headers?: RequestHeaders): Promise<Answer>;
};

export const BASE_PATH = '/steering/api/v1';

const DEADLINE_MS = 30_000;

/** `address` is asked each time: a service that was started again may be elsewhere. */
export function createClient(address: () => string): Client {
  const call: Client['call'] = (method, path, body, headers = {}) => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const { hostname, port } = new URL(address());
    const payload = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const sent = request({
      hostname,
      port,
      method,
      path: path.startsWith('/steering/') || path.startsWith('/health/') ? path : `${BASE_PATH}${path}`,
      headers: { ...(payload === undefined ? {} : headersOf(method, payload)), ...headers },
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    sent.once('error', reject);
    sent.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () =>
        resolve(answerOf(response.statusCode ?? 0, response.headers, Buffer.concat(chunks).toString())),
      );
    });
    sent.end(payload);
    return promise;
  };
  return { call, get: (path, headers) => call('GET', path, undefined, headers) };
}

/** Node tells no length of a DELETE's body, which would then be read as the next request. */
function headersOf(method: string, payload: string): RequestHeaders {
  const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  return { 'content-type': contentType, 'content-length': String(Buffer.byteLength(payload)) };
}

function answerOf(status: number, headers: IncomingHttpHeaders, text: string): Answer {
  const isJson = headers['content-type']?.includes('json') === true && text !== '';
  return { status, headers, etag: headers.etag ?? '', text, body: isJson ? JSON.parse(text) : {} };
}

/** Sorted, because answers to simultaneous requests have no order. */
export function statusesOf(answers: readonly Answer[]): readonly number[] {
  return answers.map(({ status }) => status).toSorted((left, right) => left - right);
}
