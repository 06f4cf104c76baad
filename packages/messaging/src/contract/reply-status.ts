// What a reply says about the request: an HTTP-like status, and a phrase for people. They are headers of replies only.
import { decodeValue, encodeValue, inOurCase, type Headers } from './metadata.ts';

export type ReplyStatus = { readonly status: number; readonly reason?: string };

/** A phrase, not a document: what does not fit is cut. */
const REASON_LENGTH_MAX = 256;
const STATUS = /^[2-5]\d\d$/;

/** The headers that say so. */
export function encodeStatus({ status, reason }: ReplyStatus): Headers {
  if (reason === undefined || reason === '') return { 'lw-status': String(status) };
  return { 'lw-status': String(status), 'lw-reason': encodeValue(reason.slice(0, REASON_LENGTH_MAX)) };
}

/**
 * What a reply says; null when that is no status from 200 to 599. A reply without one comes from somebody who knows
 * nothing of statuses, and is a success.
 */
export function decodeStatus(headers: Headers): ReplyStatus | null {
  const said = inOurCase(headers);
  // What is empty says nothing.
  const status = said['lw-status'] || '200';
  if (!STATUS.test(status)) return null;
  const reason = decodeValue(said['lw-reason'] || undefined)?.slice(0, REASON_LENGTH_MAX);
  return reason === undefined ? { status: Number(status) } : { status: Number(status), reason };
}
