// Why a check came to no verdict. What was not seen is not called kept, and what the target does wrong is not blamed on
// the server.
import type { CheckOptions } from './check.ts';
import type { Numbered, Target, WireEvent } from './target.ts';

/** The check could not find out what it was to find out; the message says what to change. */
export class UnknownOutcomeError extends Error {
  override readonly name = 'UnknownOutcomeError';
  readonly code = 'unknown-outcome';
}

/** Throws UnknownOutcomeError for options and addresses with which nothing could be found out. */
export function requireCheckable({ url, urls = [url] }: Target, options: CheckOptions): void {
  for (const name of ['clients', 'channels'] as const) {
    const value = options[name];
    if (!Number.isSafeInteger(value) || value < 1)
      throw new UnknownOutcomeError(`${name} must be 1 or more, not ${value}`);
  }
  const { messagesPerSecond } = options;
  if (!(messagesPerSecond > 0)) throw new UnknownOutcomeError(`the rate must be above 0, not ${messagesPerSecond}`);
  for (const address of urls) {
    if (URL.canParse(address) && new URL(address).protocol === 'http:') continue;
    throw new UnknownOutcomeError(`${address} is no address of http:, which is all that is spoken here`);
  }
}

/** Throws UnknownOutcomeError when the target's `read` throws, or gives something else than a message. */
export function readMessage(target: Target, event: WireEvent): Numbered | null {
  const what = `target.read, of an event ${event.type} with the data ${JSON.stringify(event.data.slice(0, 200))},`;
  let message: Numbered | null;
  try {
    message = target.read(event);
  } catch (cause) {
    throw new UnknownOutcomeError(`${what} throws: ${String(cause)}`, { cause });
  }
  if (message === null) return null;
  // What it is typed as is not what a module without types gives.
  const { channel, number } = Object(message) as Partial<Numbered>;
  if (Number.isSafeInteger(channel) && Number.isSafeInteger(number)) return message;
  throw new UnknownOutcomeError(`${what} gives ${JSON.stringify(message)}: neither { channel, number } nor null`);
}
