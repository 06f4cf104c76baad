// Dark, light, or what the system prefers; remembered in this browser. `public/theme.js` reads it before first paint.

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const KEY = 'longwave.theme';

/** The little of the page and of localStorage that a theme needs. */
export type ThemeTarget = {
  readonly root: { readonly dataset: DOMStringMap };
  /** Throws where storage is forbidden. */
  readonly storage: () => Pick<Storage, 'setItem' | 'removeItem'>;
};

/** The theme the page has now. */
export function currentTheme({ root }: Pick<ThemeTarget, 'root'>): Theme {
  const theme = root.dataset['theme'];
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

export function chooseTheme(theme: Theme, { root, storage }: ThemeTarget): void {
  if (theme === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = theme;
  try {
    if (theme === 'system') storage().removeItem(KEY);
    else storage().setItem(KEY, theme);
  } catch {
    // Storage can be forbidden or full; the choice then lasts until the page is closed.
  }
}
