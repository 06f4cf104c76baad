// A dead letter for programs. The fields are stable.
import type { DeadLetter } from '@longwave/messaging/dead-letters';

export type LetterJson = Omit<DeadLetter, 'stack' | 'headers' | 'positions'>;

/** Dates become ISO 8601 when it is written as JSON. */
export function letterJson(letter: DeadLetter): LetterJson {
  const { stack: _stack, headers: _headers, positions: _positions, ...rest } = letter;
  return rest;
}

/** The payload under the name that says how it is told: `payload` when it is JSON, else `payloadBase64`. */
export function payloadJson(payload: Uint8Array): { readonly payload: unknown } | { readonly payloadBase64: string } {
  const parsed = parsePayload(payload);
  return parsed === undefined ? { payloadBase64: Buffer.from(payload).toString('base64') } : { payload: parsed };
}

/** Undefined when it is no JSON. */
export function parsePayload(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return undefined; // a message may be anything, and that may be why it is here
  }
}
