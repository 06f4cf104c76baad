// Which names are ours.
import { expect, test } from '@jest/globals';
import { foreignHostRefusal } from './own-host.ts';

const refuse = foreignHostRefusal({ publicUrl: 'https://radio.example/path', host: 'gateway' });

test.each([
  undefined,
  'localhost',
  'LOCALHOST:8080',
  'app.localhost:1',
  '127.0.0.1:8080',
  '[::1]:8080',
  '192.0.2.1',
  'radio.example',
  'Radio.Example:443',
  'gateway:8080',
])('%s is ours', (host) => {
  expect(() => refuse(host)).not.toThrow();
});

test.each([
  'evil.example',
  'radio.example.evil.example',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'xlocalhost',
  '',
])('"%s" is not', (host) => {
  expect(() => refuse(host)).toThrow(expect.objectContaining({ status: 421, code: 'misdirected-request' }));
});
