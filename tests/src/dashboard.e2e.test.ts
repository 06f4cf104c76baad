// The page people look at, in a real browser, driven as a person would: by what can be seen and by its names.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './support/browser.ts';
import { startTestStation, type TestStation } from './support/test-station.ts';

describe('the dashboard', () => {
  let station: TestStation;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  beforeAll(async () => {
    browser = await launchBrowser();
    station = await startTestStation();
    page = await browser.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // A stream that is cut is an error to the browser's console, and one of the tests cuts it.
      if (message.type() === 'error' && !/ERR_|status of 50|EventSource/.test(message.text()))
        complaints.push(message.text());
    });
    await page.goto(`${station.url}/`);
  });
  afterAll(async () => {
    await browser?.close();
    await station?.stop();
  });

  const createShow = (name: string): Promise<Response> =>
    fetch(`${station.url}/steering/api/v1/shows/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    });

  test('is live, and says that every service is up', async () => {
    await page.getByText('Live', { exact: true }).first().waitFor();
    const services = page.getByRole('region', { name: 'Services' });
    for (const name of ['steering', 'resolver', 'audit-log', 'sse-proxy'])
      await services.getByText(name, { exact: true }).waitFor();
  });

  test('shows a new show and its message without a reload', async () => {
    await createShow('Appears by itself');
    await page.getByRole('region', { name: 'Shows' }).getByText('Appears by itself').waitFor();
    await page.getByRole('region', { name: 'Live feed' }).getByText('created').first().waitFor();
  });

  test('shows a package once the resolver has heard of it', async () => {
    await fetch(`${station.url}/steering/api/v1/packages/page.test/1.2.3`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    await page.getByRole('region', { name: 'Packages' }).getByText('page.test').first().waitFor();
  });

  test('says when it is cut off, and misses nothing once it is back', async () => {
    await station.kill('sse-proxy');
    await page
      .getByText(/Reconnecting/)
      .first()
      .waitFor();
    await createShow('Made meanwhile');
    await page.getByText('Live', { exact: true }).first().waitFor();
    await page.getByRole('region', { name: 'Shows' }).getByText('Made meanwhile').waitFor();
  });

  test('shares one connection with every other tab, and outlives the tab that opened it', async () => {
    const tabs = await browser.newContext();
    const [first, second] = [await tabs.newPage(), await tabs.newPage()];
    for (const tab of [first, second]) {
      await tab.goto(`${station.url}/`);
      await tab.getByText('Live', { exact: true }).first().waitFor();
    }
    const requests = "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/events?')).length";
    expect([await first.evaluate(requests), await second.evaluate(requests)]).toEqual([0, 0]);
    await first.close();
    await createShow('Heard by the second tab');
    await second.getByRole('region', { name: 'Shows' }).getByText('Heard by the second tab').waitFor();
    await tabs.close();
  });

  test('fits a phone without scrolling sideways', async () => {
    await page.setViewportSize({ width: 360, height: 780 });
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(overflow).toBe(0);
  });

  test('had nothing to complain about', () => {
    expect(complaints).toEqual([]);
  });
});
