// Speaks to steering as any HTTP client would.

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly etag: string;
  readonly text: string;
  /** The parsed body; `{}` when there is none. */
  readonly body: Readonly<Record<string, unknown>>;
};

export type RequestHeaders = Readonly<Record<string, string>>;

export type Client = {
  /** `path` below the API's base path; a string body is sent as it is. */
  call(method: string, path: string, body?: unknown, headers?: RequestHeaders): Promise<Answer>;
  get(path: string, headers?: RequestHeaders): Promise<Answer>;
};

export const BASE_PATH = '/steering/api/v1';

/** `address` is asked each time: a service that was started again may be elsewhere. */
export function createClient(address: () => string): Client {
  const call: Client['call'] = async (method, path, body, headers = {}) => {
    const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const response = await fetch(`${address()}${path.startsWith('/steering/') ? '' : BASE_PATH}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': contentType }), ...headers },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
    return answerOf(response);
  };
  return { call, get: (path, headers) => call('GET', path, undefined, headers) };
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
  const { status, headers } = response;
  return { status, headers, etag: headers.get('etag') ?? '', text, body: isJson ? JSON.parse(text) : {} };
}
