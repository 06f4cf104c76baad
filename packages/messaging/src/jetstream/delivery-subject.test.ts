// Where a delivery says that it lies, in each of the formats of JetStream's wire protocol.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkProperty } from '../../test/support/check-property.ts';
import { isDelivery, parseDeliverySubject } from './delivery-subject.ts';

const count = fc.integer({ min: 1, max: 2 ** 48 });

test.each([
  ['of a server without domains', '', ''],
  ['of a server with domains', 'hub.Ab3dEf.', '.x9'],
])('a delivery %s says where its message lies, to the millisecond', (_, domain, random) => {
  checkProperty(
    [count, count, count, fc.nat(4_000_000_000_000), fc.nat(999_999)],
    (deliveryCount, sequence, consumerSequence, ms, rest) => {
      const nanoseconds = BigInt(ms + 1) * 1_000_000n + BigInt(rest);
      const reply = `$JS.ACK.${domain}events.totals.${deliveryCount}.${sequence}.${consumerSequence}.${nanoseconds}.7${random}`;
      expect(isDelivery(reply)).toBe(true);
      const storedAt = new Date(ms + 1);
      expect(parseDeliverySubject(reply)).toEqual({
        stream: 'events',
        deliveryCount,
        sequence,
        consumerSequence,
        storedAt,
      });
    },
  );
});
