// One request on its way through: to the service, and the answer back. Both bodies are streamed with back-pressure;
// whoever goes away first, client or service, takes the other side down at once (G4).
//
// Written on node:http. The libraries for it (http-proxy-3, httpxy) were read: both pass on what `Connection` names,
// cannot tell trusted forwarded headers from others, and leave failures in mid-answer to their callers, so that
// every line below would be an override of a default.
import { request as sendRequest, type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Upstream } from '../upstream.ts';
import type { Agents } from './agents.ts';
import { endToEnd } from './end-to-end-headers.ts';
import { isStaleConnection, UpstreamTimeoutError } from './upstream-failure.ts';
import { hasBody } from './upstream-headers.ts';

export type PassageOptions = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly upstream: Upstream;
  /** As sent to the service. */
  readonly headers: readonly string[];
  readonly agents: Agents;
  /** From the end of the request to the first byte of the answer. */
  readonly answerWithinMs: number;
  /** Nothing was sent to the client yet. Called once at most, and not when the client is gone. */
  readonly onFailure: (error: unknown) => void;
  /** The answer is an event stream; `end` ends it properly. */
  readonly onEventStream: (end: () => void) => void;
  /** The answer had begun; the client's connection is cut, so that half of it is not taken for all. */
  readonly onBreak: (error: Error) => void;
};

const CONNECT_WITHIN_MS = 2_000;

/** Begins at once. Throws TypeError for a header or path that cannot be sent. */
export function passOn(options: PassageOptions): void {
  new Passage(options).begin('kept');
}

class Passage {
  readonly #options: PassageOptions;
  readonly #isRepeatable: boolean;
  /** The attempt that counts. */
  #outgoing: ClientRequest | undefined;
  #connectTimer: NodeJS.Timeout | undefined;
  #answerTimer: NodeJS.Timeout | undefined;
  /** Answered, failed, or not wanted any more. */
  #isDecided = false;
  #isClientGone = false;

  constructor(options: PassageOptions) {
    this.#options = options;
    const { request, response } = options;
    this.#isRepeatable = (request.method === 'GET' || request.method === 'HEAD') && !hasBody(request);
    response.once('close', () => {
      this.#isClientGone = true;
      this.#decide();
      if (!response.writableFinished) this.#outgoing?.destroy(); // (G4)
    });
  }

  begin(connection: 'kept' | 'fresh'): void {
    const { request, upstream, headers, agents } = this.#options;
    const outgoing = sendRequest({
      host: upstream.host,
      port: upstream.port,
      method: request.method,
      path: request.url, // (G1)
      headers,
      // What cannot be repeated does not travel on a connection that the service may be closing this moment. (G5)
      agent: connection === 'kept' && this.#isRepeatable ? agents.kept : agents.fresh,
    });
    this.#outgoing = outgoing;
    this.#setDeadlines(outgoing);
    outgoing.once('response', (answer) => this.#passBack(answer));
    outgoing.on('error', (error) => this.#onError(outgoing, error));
    outgoing.once('close', () => {
      // A service may also switch protocols unasked, which Node ends without a word of error.
      this.#onError(outgoing, new Error('the connection was closed without an answer'));
      if (outgoing === this.#outgoing) this.#dropRestOfBody();
    });
    if (hasBody(request)) request.pipe(outgoing);
    else outgoing.end();
  }

  #setDeadlines(outgoing: ClientRequest): void {
    this.#clearTimers();
    const giveUp = (phase: 'connect' | 'answer', withinMs: number): NodeJS.Timeout =>
      setTimeout(() => outgoing.destroy(new UpstreamTimeoutError(phase, withinMs)), withinMs);
    const connectTimer = giveUp('connect', CONNECT_WITHIN_MS);
    this.#connectTimer = connectTimer;
    outgoing.once('socket', (socket) => {
      if (socket.connecting) socket.once('connect', () => clearTimeout(connectTimer));
      else clearTimeout(connectTimer);
    });
    outgoing.once('finish', () => {
      if (!this.#isDecided && outgoing === this.#outgoing)
        this.#answerTimer = giveUp('answer', this.#options.answerWithinMs);
    });
  }

  #passBack(answer: IncomingMessage): void {
    const { response, onEventStream, onBreak } = this.#options;
    if (this.#isDecided) return void answer.destroy();
    try {
      response.writeHead(answer.statusCode ?? 0, answer.statusMessage, endToEnd(answer.rawHeaders));
    } catch (error) {
      // A status or a header that may not be sent.
      answer.destroy();
      return this.#fail(error);
    }
    this.#decide();
    if (isEventStream(answer)) onEventStream(() => endBetween(answer, response));
    // An answer that says how long it is follows at once, and then head and body are one packet.
    if (answer.headers['content-length'] === undefined) response.flushHeaders();
    answer.on('error', (error) => {
      if (this.#isClientGone || response.writableEnded) return;
      onBreak(error);
      response.destroy(); // (G4)
    });
    answer.pipe(response);
  }

  #onError(outgoing: ClientRequest, error: unknown): void {
    if (outgoing !== this.#outgoing || this.#isDecided) return;
    if (this.#isRepeatable && isStaleConnection(error, outgoing.reusedSocket)) this.begin('fresh'); // (G5)
    else this.#fail(error);
  }

  #fail(error: unknown): void {
    this.#decide();
    this.#dropRestOfBody();
    this.#options.onFailure(error);
  }

  /** What a service did not want is read all the same: the next request of this client comes after it. */
  #dropRestOfBody(): void {
    const { request } = this.#options;
    request.unpipe();
    request.resume();
  }

  #decide(): void {
    this.#isDecided = true;
    this.#clearTimers();
  }

  #clearTimers(): void {
    clearTimeout(this.#connectTimer);
    clearTimeout(this.#answerTimer);
  }
}

function isEventStream({ headers }: IncomingMessage): boolean {
  return headers['content-type']?.startsWith('text/event-stream') === true;
}

/** Ends what the client gets, properly, and then what the service gives. */
function endBetween(answer: IncomingMessage, response: ServerResponse): void {
  answer.unpipe(response);
  response.end();
  answer.destroy();
}
