import { expect, test } from '@jest/globals';
import { chooseTheme, currentTheme, type ThemeTarget } from './theme.ts';

function createTarget(): { readonly target: ThemeTarget; readonly stored: Map<string, string> } {
  const stored = new Map<string, string>();
  const storage = {
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  };
  return { target: { root: { dataset: {} }, storage: () => storage }, stored };
}

test('a chosen theme is on the page and remembered', () => {
  const { target, stored } = createTarget();
  chooseTheme('dark', target);
  expect(currentTheme(target)).toBe('dark');
  expect([...stored]).toEqual([['longwave.theme', 'dark']]);
});

test('going back to the system leaves nothing behind', () => {
  const { target, stored } = createTarget();
  chooseTheme('light', target);
  chooseTheme('system', target);
  expect(currentTheme(target)).toBe('system');
  expect(stored.size).toBe(0);
});

test('a browser that forbids storage still changes the light', () => {
  const { target } = createTarget();
  const forbidden = (): never => {
    throw new DOMException('denied', 'SecurityError');
  };
  chooseTheme('dark', { ...target, storage: forbidden });
  expect(currentTheme(target)).toBe('dark');
});
