// The demo station: a handful of shows and packages, so that the first look at Longwave is not at an empty page.
// Loaded through the public API, like anybody's data.
import type { PackageInput, ShowInput } from '@longwave/contracts';
import { StartError } from './start-error.ts';

type DemoShow = Partial<ShowInput> & Pick<ShowInput, 'name'>;

const demoShows: readonly DemoShow[] = [
  { name: 'Morning Tide', shortDescription: 'News, weather and the first coffee of the coast.', languages: ['en'] },
  { name: 'Ätherwellen', shortDescription: 'Elektronische Musik aus kleinen Studios.', languages: ['de'] },
  { name: 'The Dead Air Society', shortDescription: 'An hour about silence, and how to fill it.', languages: ['en'] },
  { name: 'Radio Kinderkram', shortDescription: 'Gemacht von Kindern, für alle.', languages: ['de', 'tr'] },
  {
    name: 'Night Signals',
    shortDescription: 'Shortwave finds and numbers stations, until sunrise.',
    languages: ['en'],
  },
  {
    name: 'Station Archive',
    shortDescription: 'What was on air ten years ago today.',
    languages: ['en'],
    isActive: false,
  },
];

const demoPackages: readonly { readonly name: string; readonly version: string; readonly input: PackageInput }[] = [
  { name: 'codec-pack', version: '2.1.0', input: { description: 'Opus, FLAC and MP3', vendor: 'Longwave' } },
  {
    name: 'playout-engine',
    version: '1.4.0',
    input: {
      description: 'Plays what the program says',
      vendor: 'Longwave',
      dependencies: [{ name: 'codec-pack', range: '^2.1.0' }],
    },
  },
  {
    name: 'studio.clock',
    version: '1.0.0',
    input: { description: 'The clock on the studio wall', vendor: 'Longwave' },
  },
];

/** Fills an empty station; a station that has shows is left as it is. Resolves with whether it filled it. */
export async function loadDemoStation(publicUrl: string): Promise<boolean> {
  const shows = `${publicUrl}/steering/api/v1/shows/`;
  const page = (await (await send('GET', `${shows}?limit=1`)).json()) as { readonly items: readonly unknown[] };
  if (page.items.length > 0) return false;
  for (const show of demoShows) await send('POST', shows, show);
  for (const { name, version, input } of demoPackages) {
    await send('PUT', `${publicUrl}/steering/api/v1/packages/${name}/${version}`, input);
  }
  return true;
}

async function send(method: string, url: string, body?: object): Promise<Response> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', 'x-correlation-id': 'demo-station' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok)
    throw new StartError(
      `Loading the demo station failed: ${method} ${url} answered ${response.status} ${await response.text()}`,
    );
  return response;
}
