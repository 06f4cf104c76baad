// Headless Chromium, the one that Debian packages. Without it the tests that need it fail, and say how to get it.
import { access } from 'node:fs/promises';
import { chromium, type Browser } from 'playwright-core';

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** CHROMIUM_BIN names another one. */
export async function launchBrowser(): Promise<Browser> {
  const named = process.env['CHROMIUM_BIN'] ?? '';
  const candidates = named === '' ? CANDIDATES : [named];
  for (const executablePath of candidates) {
    if (!(await exists(executablePath))) continue;
    return chromium.launch({
      executablePath,
      // No sandbox: as root there is none to be had. The rest keeps Chromium from calling home.
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    });
  }
  throw new Error(
    `There is no Chromium (${candidates.join(', ')}). Install it: sudo apt-get install --yes chromium — or name one with CHROMIUM_BIN.`,
  );
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
