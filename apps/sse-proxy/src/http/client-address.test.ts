import { describe, expect, test } from '@jest/globals';
import { clientAddressReader } from './client-address.ts';

describe('the address of a client', () => {
  test.each([
    ['its peer', [], '192.0.2.1', undefined, '192.0.2.1'],
    ['its peer, whatever it says itself', [], '192.0.2.1', '203.0.113.9', '192.0.2.1'],
    ['its peer, as IPv4 also on a dual-stack socket', [], '::ffff:192.0.2.1', undefined, '192.0.2.1'],
    ['whom a trusted proxy names', ['loopback'], '::ffff:127.0.0.1', '203.0.113.9', '203.0.113.9'],
    [
      'the nearest that is not trusted',
      ['loopback', '10.0.0.0/8'],
      '127.0.0.1',
      '1.1.1.1, 203.0.113.9, 10.1.2.3',
      '203.0.113.9',
    ],
    ['its peer when the proxy names nonsense', ['loopback'], '127.0.0.1', 'unknown, <script>', '127.0.0.1'],
    ['nothing when the connection is gone', [], undefined, undefined, ''],
  ])('is %s', (_, trusted, peer, forwardedFor, address) => {
    expect(clientAddressReader(trusted)({ peer, forwardedFor })).toBe(address);
  });
});
