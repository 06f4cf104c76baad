// Makes one show of the demo station, with its schedules and what is in its next timeslot. Keys become ids here.
import type { EpisodeInput, ScheduleInput, ShowInput } from '@longwave/contracts';
import type { Broadcast } from './broadcasts.ts';
import type { DemoApi, Made } from './demo-api.ts';
import type { DemoEpisode, DemoShow } from './demo-show.ts';

/** What each key has become. Shows go by their slug. */
export type Ids = {
  readonly categories: ReadonlyMap<string, number>;
  readonly profiles: ReadonlyMap<string, number>;
  readonly media: ReadonlyMap<string, number>;
  readonly shows: Map<string, number>;
};

/** Adds the show to `ids`. Throws StartError. */
export async function loadShow(api: DemoApi, ids: Ids, demo: DemoShow): Promise<Made> {
  const { continues, categories = [], hosts = [], media, broadcasts = [], episode, ...content } = demo;
  const input: Partial<ShowInput> = {
    ...content,
    categoryIds: idsOf(ids.categories, categories),
    hostIds: idsOf(ids.profiles, hosts),
    defaultMediaId: idOf(ids.media, media),
    predecessorId: idOf(ids.shows, continues),
  };
  const show = await api.create('shows', input);
  ids.shows.set(demo.slug, show.id);
  const original = await loadBroadcasts(api, ids, show.id, broadcasts);
  if (episode !== undefined && original !== null)
    await loadEpisode(api, ids, { ...episode, showId: show.id, original });
  return show;
}

/** Resolves with the id of the first schedule; null when there is none. */
async function loadBroadcasts(
  api: DemoApi,
  ids: Ids,
  showId: number,
  broadcasts: readonly Broadcast[],
): Promise<number | null> {
  let original: number | null = null;
  for (const { media, isRepetition = false, ...plan } of broadcasts) {
    const input: ScheduleInput = {
      ...plan,
      showId,
      defaultMediaId: idOf(ids.media, media),
      repetitionOfId: isRepetition ? original : null,
    };
    const { id } = await api.create('schedules', input);
    original ??= id;
  }
  return original;
}

type LoadedEpisode = DemoEpisode & { readonly showId: number; readonly original: number };

async function loadEpisode(
  api: DemoApi,
  ids: Ids,
  { original, memo, contributors = [], media, ...content }: LoadedEpisode,
): Promise<void> {
  const input: Partial<EpisodeInput> = {
    ...content,
    contributorIds: idsOf(ids.profiles, contributors),
    mediaId: idOf(ids.media, media),
  };
  const episode = await api.create('episodes', input);
  const timeslotId = await api.firstId(`timeslots/?scheduleId=${original}&order=start&limit=1`);
  const change = { episodeId: episode.id, ...(memo === undefined ? {} : { memo }) };
  if (timeslotId !== null) await api.change(`timeslots/${timeslotId}/`, change);
}

function idsOf(known: ReadonlyMap<string, number>, keys: readonly string[]): number[] {
  return keys.flatMap((key) => idOf(known, key) ?? []);
}

/** Null for no key. A key that nothing has is a mistake in the demo's own data. */
function idOf(known: ReadonlyMap<string, number>, key: string | undefined): number | null {
  if (key === undefined) return null;
  const id = known.get(key);
  if (id === undefined) throw new TypeError(`the demo station has no ${key}`);
  return id;
}
