// Every request of the page that is not the feed: JSON over fetch, one origin, with a deadline.
// Answers are trusted to have the shape of `@longwave/contracts`, whose types they are given: the services check
// what they send, and shipping the schemas would triple the page.
import { readProblem, sentenceOf, type Problem } from './problem.ts';

export type Answer<Body> = { readonly body: Body; readonly etag: string | null };

export type ChangeOptions = {
  readonly body?: unknown;
  readonly contentType?: string;
  /** The ETag that the thing must still have. */
  readonly ifMatch?: string | null;
  readonly idempotencyKey?: string;
};

/** The service answered, and it was no. */
export class ProblemError extends Error {
  readonly code: string;
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(sentenceOf(problem));
    this.name = 'ProblemError';
    this.code = problem.code ?? `http-${problem.status}`;
    this.problem = problem;
  }
}

/** No answer: nobody listens, or the deadline passed. A change may have happened or not. */
export class UnreachableError extends Error {
  readonly code = 'unreachable';

  constructor(cause: unknown) {
    super('The station did not answer. Check the connection and try again.', { cause });
    this.name = 'UnreachableError';
  }
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

const DEADLINE_MS = 10_000;
/** A service that takes longer to say how it is is not well. */
const PROBE_DEADLINE_MS = 4_000;

const unreadable = { title: 'The answer is not JSON; the address may not be routed to its service', code: 'not-json' };

export class Api {
  readonly #fetch: typeof fetch;

  constructor(fetch: typeof globalThis.fetch) {
    this.#fetch = fetch;
  }

  /** Throws ProblemError, UnreachableError, or the signal's reason. */
  get<Body>(path: string, signal: AbortSignal): Promise<Answer<Body>> {
    return this.#request<Body>('GET', path, new Headers(), undefined, signal);
  }

  /** Throws ProblemError, UnreachableError. */
  change<Body>(method: Method, path: string, options: ChangeOptions): Promise<Answer<Body>> {
    const { body, contentType = 'application/json', ifMatch, idempotencyKey } = options;
    const headers = new Headers();
    if (body !== undefined) headers.set('content-type', contentType);
    if (ifMatch !== undefined && ifMatch !== null) headers.set('if-match', ifMatch);
    if (idempotencyKey !== undefined) headers.set('idempotency-key', idempotencyKey);
    return this.#request<Body>(method, path, headers, body === undefined ? undefined : JSON.stringify(body));
  }

  /** Whatever is answered, with its status. Throws when nothing is. */
  async probe(path: string, signal: AbortSignal): Promise<{ readonly status: number; readonly body: unknown }> {
    const either = AbortSignal.any([signal, AbortSignal.timeout(PROBE_DEADLINE_MS)]);
    const response = await this.#fetch(path, { headers: { accept: 'application/json' }, signal: either });
    return { status: response.status, body: parseJson(await response.text()) };
  }

  async #request<Body>(
    method: Method,
    path: string,
    headers: Headers,
    body?: string,
    signal?: AbortSignal,
  ): Promise<Answer<Body>> {
    headers.set('accept', 'application/json, application/problem+json');
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
    try {
      const response = await this.#fetch(path, { method, headers, body: body ?? null, signal: either });
      const answer = parseJson(await response.text());
      if (!response.ok) throw new ProblemError(readProblem(response.status, answer));
      if (answer === null && response.status !== 204) throw new ProblemError(readProblem(response.status, unreadable));
      // The promise of the contracts, see above; a 204 is null to those who asked for nothing.
      return { body: answer as Body, etag: response.headers.get('etag') };
    } catch (error) {
      if (error instanceof ProblemError || signal?.aborted === true) throw error;
      throw new UnreachableError(error);
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON (a proxy's HTML page, an empty body): there is nothing to read in it.
    return null;
  }
}
