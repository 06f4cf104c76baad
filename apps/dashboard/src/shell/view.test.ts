import { expect, test } from '@jest/globals';
import { viewOf, views } from './view.ts';

test('every view has an address, and every other address is the wall', () => {
  for (const view of views) expect(viewOf(`#${view}`)).toBe(view);
  for (const hash of ['', '#', '#panels', 'shows']) expect(viewOf(hash)).toBe('wall');
});
