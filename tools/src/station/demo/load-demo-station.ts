// Loads the demo station, a week of a community radio that goes on and on, through the public API, like anybody's data.
//
// D1  only an empty station is loaded: one with shows, or with a name of its own, is left as it is.
// D2  nothing is made twice: a station that is loaded keeps its name, and a load that was interrupted goes on where it
//     was, for as long as steering remembers the keys of its requests.
// D3  loading takes a fixed number of requests, one after the other, so that ids are in the order of the lists.
import type { Broadcast } from './broadcasts.ts';
import { demoCategories, demoPeople } from './demo-people.ts';
import { demoMedia } from './demo-media.ts';
import { demoPackages } from './demo-packages.ts';
import type { DemoShow } from './demo-show.ts';
import { createDemoApi, type DemoApi, type Fetch } from './demo-api.ts';
import { loadShow, type Ids } from './load-show.ts';
import { weekdayShows } from './weekday-shows.ts';
import { fallbackShow, weekendShows } from './weekend-shows.ts';

const STATION_NAME = 'Radio Longwave';
/** From the first request to the last. */
const UNFINISHED_NAME = `${STATION_NAME}, being set up`;
/** What a new database says. */
const EMPTY_NAME = 'Longwave';
const TIME_ZONE = 'Europe/Vienna';
const SATURDAY = 6;
const OPEN_DAY_WEEKS = 1;
const SEASON_WEEKS = 13;
const DAY_MS = 24 * 60 * 60 * 1_000;
/** Less than the 24 hours for which keys are remembered. */
const RESUMABLE_MS = 23 * 60 * 60 * 1_000;

/** `unfinished`: an earlier load was interrupted, too long ago to go on with it. */
export type DemoOutcome = 'loaded' | 'left as it was' | 'unfinished';

export type DemoOptions = {
  /** Of the gateway or of steering itself. */
  readonly publicUrl: string;
  readonly fetch: Fetch;
  readonly now: () => Date;
};

/** Throws StartError; another call then goes on with it. */
export async function loadDemoStation({ publicUrl, fetch, now }: DemoOptions): Promise<DemoOutcome> {
  const api = createDemoApi(publicUrl, fetch);
  const { stationName, updatedAt } = await api.settings();
  if (stationName === EMPTY_NAME && (await api.firstId('shows/?limit=1')) === null) {
    await api.change('radio-settings/', { stationName: UNFINISHED_NAME, timeZone: TIME_ZONE });
  } else if (stationName !== UNFINISHED_NAME) {
    return 'left as it was'; // (D1)
  } else if (now().getTime() - Date.parse(updatedAt) > RESUMABLE_MS) {
    return 'unfinished';
  }
  await load(api);
  await api.change('radio-settings/', { stationName: STATION_NAME }); // (D2)
  return 'loaded';
}

async function load(api: DemoApi): Promise<void> {
  const ids: Ids = {
    categories: await createAll(api, 'categories', demoCategories),
    profiles: await createAll(api, 'profiles', demoPeople),
    media: await createAll(api, 'media', demoMedia),
    shows: new Map(),
  };
  // Before there are gaps: setting it later would be told of every day of a year.
  const fallback = await loadShow(api, ids, fallbackShow);
  await api.change('radio-settings/', { fallbackShowId: fallback.id });
  for (const show of demoShows(fallback.createdAt)) await loadShow(api, ids, show);
  for (const { name, version, input } of demoPackages) await api.putPackage(name, version, input);
}

/** Those beside the fallback show. `begunAt`: when the load began, also if it goes on later. (D2) */
function demoShows(begunAt: string): readonly DemoShow[] {
  const shows = [...weekdayShows, ...weekendShows(saturdayAfter(begunAt, OPEN_DAY_WEEKS))];
  const seasonEnd = saturdayAfter(begunAt, SEASON_WEEKS);
  return shows.map((show) => ({
    ...show,
    broadcasts: show.broadcasts?.map((plan) => inSeason(plan, seasonEnd)) ?? [],
  }));
}

/** What is on air daily is planned for a season: a year of all of them would be most of what there is to load. */
function inSeason(plan: Broadcast, lastDate: string): Broadcast {
  return plan.rrule.freq === 'daily' ? { ...plan, lastDate } : plan;
}

async function createAll(
  api: DemoApi,
  collection: string,
  inputs: Readonly<Record<string, object>>,
): Promise<ReadonlyMap<string, number>> {
  const ids = new Map<string, number>();
  for (const [key, input] of Object.entries(inputs)) ids.set(key, (await api.create(collection, input)).id);
  return ids;
}

/** The first Saturday after so many weeks. */
function saturdayAfter(instant: string, weeks: number): string {
  const then = new Date(Date.parse(instant) + weeks * 7 * DAY_MS);
  const days = (SATURDAY - then.getUTCDay() + 7) % 7;
  return new Date(then.getTime() + days * DAY_MS).toISOString().slice(0, 10);
}
