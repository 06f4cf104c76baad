// Three choices of light, as radio buttons: one is always chosen, and arrow keys move between them.
import { useState, type ReactNode } from 'react';
import { Icon } from '../shell/icons.tsx';
import { chooseTheme, currentTheme, themes, type Theme } from './theme.ts';

const LABELS: Readonly<Record<Theme, string>> = { system: 'As the system', light: 'Light', dark: 'Dark' };
const ICONS = { system: 'system', light: 'sun', dark: 'moon' } as const;

export function ThemeSwitch(): ReactNode {
  const target = { root: document.documentElement, storage: () => localStorage };
  const [theme, setTheme] = useState(() => currentTheme(target));
  const choose = (next: Theme): void => {
    chooseTheme(next, target);
    setTheme(next);
  };
  return (
    <fieldset className="theme-switch">
      <legend className="visually-hidden">Theme</legend>
      {themes.map((name) => (
        <label key={name} title={LABELS[name]}>
          <input type="radio" name="theme" checked={theme === name} onChange={() => choose(name)} />
          <Icon name={ICONS[name]} />
          <span className="visually-hidden">{LABELS[name]}</span>
        </label>
      ))}
    </fieldset>
  );
}
