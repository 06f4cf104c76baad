// One request for an event stream, from its first byte to why it ended. Over fetch, because EventSource shows neither
// heartbeats nor what a refusal says, and gives up for ever on any answer but 200.
import { EventParser, type Block } from './event-parser.ts';
import type { Refusal } from './feed.ts';

export type Ending =
  /**
   * `ended`: it was open, or could not be opened; it may be opened again. `afterMs`: when the server wants it. `refused`: the
   * answer is a no; `filters`: what the server names as wrong, if it does.
   */
  | { readonly kind: 'ended'; readonly afterMs?: number }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly filters: readonly unknown[] };

export type RequestHeaders = NonNullable<RequestInit['headers']>;

export type EventRequest = {
  readonly fetch: typeof fetch;
  readonly url: string;
  readonly headers: () => RequestHeaders | Promise<RequestHeaders>;
  readonly credentials: NonNullable<RequestInit['credentials']>;
  /** Sent as Last-Event-ID; '' = start live. */
  readonly cursor: string;
  /** A connection on which nothing comes for so long is dead: heartbeats come more often. */
  readonly silenceMsMax: number;
  /** The answer is an event stream. */
  readonly onOpen: () => void;
  readonly onBlock: (block: Block) => void;
};

const MS_PER_S = 1_000;

/** Resolves when the stream is over; `signal` ends it. Rejects with what `onOpen` and `onBlock` throw. */
export async function requestEvents(request: EventRequest, signal: AbortSignal): Promise<Ending> {
  const silence = watchSilence(request.silenceMsMax);
  const ended = AbortSignal.any([signal, silence.signal]);
  try {
    const response = await open(request, ended).catch(() => null);
    if (response === null) return { kind: 'ended' };
    if (!isEventStream(response)) return await notEvents(response);
    request.onOpen();
    return await read(response, request, silence.heard, ended);
  } finally {
    // Also when this side has had enough of it: nobody reads on, and the connection would stay open.
    silence.end();
  }
}

async function open(
  { fetch, url, headers, credentials, cursor }: EventRequest,
  signal: AbortSignal,
): Promise<Response> {
  const all = new Headers(await unlessAborted(headers(), signal));
  all.set('accept', 'text/event-stream');
  if (cursor !== '') all.set('last-event-id', cursor);
  return fetch(url, { headers: all, credentials, cache: 'no-store', signal });
}

/** Whoever asks for a token and is never answered must not keep the next attempt waiting. */
function unlessAborted<T>(value: T | Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
    Promise.resolve(value).then(resolve, reject);
  });
}

async function read(
  response: Response,
  { onBlock }: EventRequest,
  heard: () => void,
  signal: AbortSignal,
): Promise<Ending> {
  let afterMs: number | undefined;
  const parser = new EventParser(
    // A handler may have ended this request in the middle of a piece; what follows comes again to its successor.
    (block) => signal.aborted || onBlock(block),
    (retryMs) => (afterMs = retryMs),
  );
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    // Whatever breaks a connection, the answer is another one.
    const piece = await reader?.read().catch(() => undefined);
    if (piece === undefined || piece.done || signal.aborted) break;
    heard();
    parser.push(piece.value);
  }
  return { kind: 'ended', ...(afterMs === undefined ? {} : { afterMs }) };
}

function isEventStream({ status, headers }: Response): boolean {
  return status === 200 && (headers.get('content-type') ?? '').startsWith('text/event-stream');
}

/** Too many, too early and too much are for later; any other no is one for good. */
async function notEvents(response: Response): Promise<Ending> {
  const { status, headers } = response;
  if (status >= 500 || status === 408 || status === 425 || status === 429) {
    await response.body?.cancel();
    const afterS = Number(headers.get('retry-after') ?? Number.NaN);
    return { kind: 'ended', ...(afterS > 0 ? { afterMs: afterS * MS_PER_S } : {}) };
  }
  const problem: unknown = await response.json().catch(() => null);
  const unsaid = { code: 'not-events', detail: 'The answer is not an event stream.', subjects: [] };
  const { code, detail, subjects } = { ...unsaid, ...asObject(problem) };
  const refusal = { status, code: String(code), detail: String(detail) };
  return { kind: 'refused', refusal, filters: Array.isArray(subjects) ? subjects : [] };
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

function watchSilence(silenceMsMax: number): {
  readonly signal: AbortSignal;
  readonly heard: () => void;
  readonly end: () => void;
} {
  const silence = new AbortController();
  const arm = (): ReturnType<typeof setTimeout> => setTimeout(() => silence.abort(), silenceMsMax);
  let timer = arm();
  return {
    signal: silence.signal,
    heard: () => {
      clearTimeout(timer);
      timer = arm();
    },
    end: () => {
      clearTimeout(timer);
      silence.abort();
    },
  };
}
