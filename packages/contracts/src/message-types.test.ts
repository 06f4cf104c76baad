// Every message type keeps its own word: its example can be sent and is read as it was, and lies where its stream looks.
import { describe, expect, test } from '@jest/globals';
import { decodeMessage, encodeMessage, filterMatches, filtersOverlap, parseFilter } from '@longwave/messaging/contract';
import { messageTypes } from './message-types.ts';
import { streamNames, streamSubjects } from './streams.ts';

const context = {
  id: '0190-a',
  createdAt: new Date('2026-11-21T12:00:00.000Z'),
  source: { instance: 'steering', replica: 'steering-1' },
  cause: { correlationId: 'because' },
};

describe.each(messageTypes.map((type) => [`${type.name} on ${type.subject.text}`, type] as const))(
  '%s',
  (_name, type) => {
    const message = encodeMessage(type.of(type.example), context);

    test('has an example that is read as it was', () => {
      const { subject, headers, payload } = message;
      const stored = { stream: 's', epoch: 1, sequence: 1, storedAt: new Date(0), subject, headers, payload };
      const decoded = decodeMessage(messageTypes, stored);
      // What a signal is an example of is its subject.
      const data = type.schema === undefined ? undefined : type.example;
      expect(decoded.ok && decoded.message).toMatchObject({ data, type: { ceType: type.ceType } });
    });

    test('has a subject that its template reads, and that one stream keeps', () => {
      expect(type.subject.match(message.subject)).not.toBeNull();
      const keeping = streamNames.filter((name) => filterMatches(parseFilter(streamSubjects[name]), message.subject));
      expect(keeping).toHaveLength(1);
      expect(filterMatches(parseFilter(type.subject.filter), message.subject)).toBe(true);
    });
  },
);

test('no subject could be of two types', () => {
  const filters = messageTypes.map(({ subject }) => parseFilter(subject.filter));
  for (const [index, filter] of filters.entries())
    expect(filters.slice(index + 1).some((other) => filtersOverlap(filter, other))).toBe(false);
});

test('no subject could be in two streams', () => {
  const filters = streamNames.map((name) => parseFilter(streamSubjects[name]));
  for (const [index, filter] of filters.entries())
    expect(filters.slice(index + 1).some((other) => filtersOverlap(filter, other))).toBe(false);
});
