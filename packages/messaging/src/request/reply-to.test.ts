// Where replies may go (Q15), and how a place becomes the subject of another message (Q7).
import { expect, test } from '@jest/globals';
import { isReplySubject, parseReplyTo, subjectAt } from './reply-to.ts';

const place = { requestId: 'r-1', correlationId: 'c-1' };

test.each([
  ['_INBOX.abc.1', '_INBOX.abc.SumChanged'],
  ['_INBOX_ada.abc', '_INBOX_ada.SumChanged'],
  ['longwave.v1.replica.a-1.sums.0123-4', 'longwave.v1.replica.a-1.sums.SumChanged'],
  ['longwave.v1.replica.a-1.sums.SumReply', 'longwave.v1.replica.a-1.sums.SumChanged'],
])('Q7: another message to %s goes to %s', (subject, other) => {
  expect(subjectAt({ ...place, subject }, 'SumChanged')).toBe(other);
});

test.each([
  '',
  '_INBOX',
  '_INBOX.',
  '_INBOX.*',
  '_INBOX.a.>',
  '_INBOX.a b',
  '_INBOX.a\r\nPUB x 0',
  'x._INBOX.a',
  '$JS.API.STREAM.DELETE.events',
  '$JS.ACK.events.c.1.2.3.4.5',
  '$SYS.REQ.SERVER.PING',
  'resource.steering.show.1.deleted',
  'longwave.v1.events.a.b.c.d',
  'longwave.v1.service.a.b.c',
  'longwave.v1.replica.a.b',
  'longwave.v1.replica.a.b.c.d',
  'longwave.v1.replica.*.b.c',
  `_INBOX.${'x'.repeat(255)}`,
])('Q15: %j is no place for a reply', (subject) => {
  expect(isReplySubject(subject)).toBe(false);
  expect(() => parseReplyTo({ ...place, subject })).toThrow(expect.objectContaining({ code: 'illegal-reply-subject' }));
});

test.each([null, undefined, 5, 'text', {}, { subject: '_INBOX.a' }])(
  'what is kept must be a place: %j is none',
  (kept) => {
    expect(() => parseReplyTo(kept)).toThrow(expect.objectContaining({ code: 'illegal-reply-subject' }));
  },
);
