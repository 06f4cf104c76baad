// The API page of a service, in a real browser, through the gateway: requests are tried from the page itself.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { launchBrowser } from './support/browser.ts';
import { startTestStation, type TestStation } from './support/test-station.ts';

let station: TestStation;
let browser: Browser;
let page: Page;
const elsewhere: string[] = [];
const complaints: string[] = [];
beforeAll(async () => {
  browser = await launchBrowser();
  station = await startTestStation();
  page = await browser.newPage();
  page.on('request', (request) => {
    if (!request.url().startsWith(station.url)) elsewhere.push(request.url());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // A refused request is an error to the browser's console, and one of the tests makes one.
    if (message.type() === 'error' && !message.text().includes('status of 4')) complaints.push(message.text());
  });
  await page.goto(`${station.url}/steering/docs`);
});
afterAll(async () => {
  await browser?.close();
  await station?.stop();
});

/** Opens an operation and its form. */
async function open(title: string): Promise<Locator> {
  const operation = page
    .locator('details')
    .filter({ has: page.getByText(title, { exact: true }) })
    .first();
  await operation.locator('summary').first().click();
  await operation.getByText('Try it', { exact: true }).click();
  return operation.locator('form');
}

test('the example of a POST can be sent as it is, and the answer is shown', async () => {
  const form = await open('Create a category');
  await form.getByRole('button', { name: 'Send' }).click();
  const answer = form.getByRole('status');
  await answer.getByText('201').waitFor();
  expect(await answer.textContent()).toMatch(
    /^POST \/steering\/api\/v1\/categories\/\n201 .*location: .*"name": "Politics"/s,
  );
});

test('a path is filled in, and what is refused is shown as the problem it is', async () => {
  const form = await open('One show');
  await form.getByLabel('id').fill('2147483647');
  await form.getByRole('button', { name: 'Send' }).click();
  await form.getByRole('status').getByText('"code": "show-not-found"').waitFor();
});

test('a query is what was typed into it', async () => {
  const form = await open('All categories, by pages');
  await form.getByLabel('limit').fill('1');
  await form.getByRole('textbox', { name: 'q query' }).fill('poli&tics');
  await form.getByRole('button', { name: 'Send' }).click();
  await form.getByRole('status').getByText('GET /steering/api/v1/categories/?q=poli%26tics&limit=1').waitFor();
});

test('an event stream is shown as it comes, until it is stopped', async () => {
  await page.goto(`${station.url}/sse-proxy/docs`);
  const form = page.locator('form[data-path$="/events"]').first();
  for (const summary of await page.locator('details:has(form[data-path$="/events"]) > summary').all())
    await summary.click();
  await form.locator('input[name="subject"]').fill('resource.>');
  await form.getByRole('button', { name: 'Send' }).click();
  await form.getByRole('status').getByText('text/event-stream').waitFor();
  await form.getByRole('button', { name: 'Stop' }).click();
  await form.getByRole('button', { name: 'Send' }).waitFor();
  expect(await form.getByRole('status').textContent()).toContain('Stopped.');
});

test('nothing was asked of anybody else, and no policy was broken', () => {
  expect(elsewhere).toEqual([]);
  expect(complaints).toEqual([]);
});
