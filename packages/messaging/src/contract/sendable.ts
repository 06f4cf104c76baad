// What can never be sent, whoever the broker is: nats.js writes subjects and headers into its protocol nearly as they are,
// and a server takes subjects that no reader can ask for again.
import type { Headers } from './metadata.ts';

// The tokens of `filter.ts` without its wildcards: visible ASCII.
const SUBJECT = /^[\x21-\x29\x2B-\x2D\x2F-\x3D\x3F-\x7E]+(?:\.[\x21-\x29\x2B-\x2D\x2F-\x3D\x3F-\x7E]+)*$/;
const HEADER_NAME = /^[\x21-\x39\x3B-\x7E]+$/;
const LINE_BREAK = /[\r\n]/;

/** Why nothing can be sent on `subject`; null when it can. */
export function complaintAboutSubject(subject: string): string | null {
  if (SUBJECT.test(subject)) return null;
  return `${JSON.stringify(subject.slice(0, 80))} is no subject: tokens of visible ASCII without * and >, with single dots between them`;
}

/** Why this header cannot be sent; null when it can. */
export function complaintAboutHeader(name: string, value: string): string | null {
  if (HEADER_NAME.test(name) && !LINE_BREAK.test(value)) return null;
  return `the header ${JSON.stringify(name)} has a name or a value that cannot be sent`;
}

/** Why a message with these can never be sent; null when it can. */
export function complaintAbout({
  subject,
  headers,
}: {
  readonly subject: string;
  readonly headers: Headers;
}): string | null {
  const complaints = Object.entries(headers).map(([name, value]) => complaintAboutHeader(name, value));
  return complaintAboutSubject(subject) ?? complaints.find((complaint) => complaint !== null) ?? null;
}

/** What headers take of a message as they are sent, which is ASCII but for what somebody else has written into them. */
export function headerBytesOf(headers: Headers): number {
  let bytes = 'NATS/1.0\r\n\r\n'.length;
  for (const name in headers) bytes += `${name}: ${headers[name]}\r\n`.length;
  return bytes;
}
