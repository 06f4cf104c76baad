// Where the answer to a request goes, as a plain value: it can be kept with a session and used by another process, long
// after the request. Another message to the same place has the last token replaced, so the place is a replica, and that
// replica's handler of that message gets it.
//
// Q15 nothing is ever sent to a reply subject that is not one: whoever asks would write to streams, or to the server's
//     own API, with our permissions.
import { z } from 'zod';
import type { Cause } from '../contract/cause.ts';
import { SubjectError } from '../contract/subject-error.ts';
import { SUBJECT_BYTES_MAX } from '../contract/subject.ts';

/** The inboxes of any NATS client, and what a replica of ours asks from. No wildcard, no white space. */
const REPLY_SUBJECT = /^(?:_INBOX[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)+|longwave\.v1\.replica(?:\.[A-Za-z0-9_-]+){3})$/;

const schema = z.object({
  subject: z.string().max(SUBJECT_BYTES_MAX).regex(REPLY_SUBJECT),
  requestId: z.string(),
  correlationId: z.string(),
  expiresAt: z.iso.datetime().optional(),
  actor: z.string().optional(),
  traceparent: z.string().optional(),
  tracestate: z.string().optional(),
});

/** JSON keeps it whole. `requestId` is the causation of what is sent there. */
export type ReplyTo = Readonly<z.infer<typeof schema>>;

/** Reads a kept one. Throws SubjectError `illegal-reply-subject` for anything that is none (Q15). */
export function parseReplyTo(kept: unknown): ReplyTo {
  const parsed = schema.safeParse(kept);
  if (parsed.success) return parsed.data;
  throw new SubjectError('illegal-reply-subject', `this is no place for a reply: ${z.prettifyError(parsed.error)}`);
}

/** Whether what a stranger asks to be answered on is a place for replies (Q15). */
export function isReplySubject(subject: string): boolean {
  return subject.length <= SUBJECT_BYTES_MAX && REPLY_SUBJECT.test(subject);
}

/** The subject of a message of another type to the same place. Throws SubjectError `illegal-reply-subject`. */
export function subjectAt(replyTo: ReplyTo, typeName: string): string {
  const { subject } = parseReplyTo(replyTo);
  return `${subject.slice(0, subject.lastIndexOf('.'))}.${typeName}`;
}

/** What is sent to that place follows from the request. */
export function causeOfReply(replyTo: ReplyTo): Cause {
  const { correlationId, requestId, actor, traceparent, tracestate } = replyTo;
  return {
    correlationId,
    causationId: requestId,
    ...(actor === undefined ? {} : { actor }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(tracestate === undefined ? {} : { tracestate }),
  };
}
