// Edits of a station by chance, through HTTP: whatever a program office does in a bad week. Refusals are part of it.
import type { Answer } from './client.ts';
import type { OnAir } from './on-air.ts';

/** A number from 0 to `below`, without it. */
export type Dice = (below: number) => number;

export type Edit = (station: OnAir, dice: Dice) => Promise<Answer>;

/** Mulberry32: small, and the same everywhere for one seed. */
export function diceOf(seed: number): Dice {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const DAY_MS = 86_400_000;
const FIRST = Date.parse('2026-11-23T00:00:00Z');
/** Over Christmas, the end of a month, a year and an ISO year. */
export const DAYS = 60;

const dateAfter = (days: number): string => new Date(FIRST + days * DAY_MS).toISOString().slice(0, 10);
const hour = (of: number): string => `${String(of % 24).padStart(2, '0')}:00:00`;

async function anyOf(station: OnAir, collection: string, dice: Dice): Promise<number> {
  const { body } = await station.get(`/${collection}/?limit=200`);
  const items = [body['items']].flat().map((item) => Number(Reflect.get(Object(item), 'id')));
  return items[dice(Math.max(items.length, 1))] ?? 1;
}

/** Sends it, and where something is in the way again with solutions by chance. */
async function inTwoSteps(station: OnAir, dice: Dice, method: string, path: string, body: object): Promise<Answer> {
  const first = await station.call(method, path, body);
  if (first.body['code'] !== 'schedule-conflict') return first;
  const open = [first.body['projected']].flat().map((item) => Object(item));
  const solved = open.filter(({ solutionChoices }) => solutionChoices.length > 0);
  const solutions = Object.fromEntries(
    solved.map(({ hash, solutionChoices }) => [hash, solutionChoices[dice(solutionChoices.length)]]),
  );
  return station.call(method, path, { ...body, solutions });
}

const times = (dice: Dice): object => {
  const start = dice(24);
  return { startTime: hour(start), endTime: hour(start + 1 + dice(5)) };
};

const makeSchedule: Edit = async (station, dice) => {
  const first = dice(DAYS - 20);
  const rrule = { freq: ['once', 'daily', 'weekly'][dice(3)], interval: 1 + dice(2) };
  const lastDate = rrule.freq === 'once' ? null : dateAfter(first + dice(20));
  const body = {
    showId: await anyOf(station, 'shows', dice),
    rrule,
    firstDate: dateAfter(first),
    lastDate,
    ...times(dice),
  };
  return inTwoSteps(station, dice, 'POST', '/schedules/', body);
};

const repeatSchedule: Edit = async (station, dice) => {
  const original = await anyOf(station, 'schedules', dice);
  const { body } = await station.get(`/schedules/${original}/`);
  const { showId, rrule, firstDate, lastDate } = body;
  const repetition = {
    showId,
    rrule,
    firstDate,
    lastDate,
    repetitionOfId: original,
    addDaysNo: 1 + dice(3),
    ...times(dice),
  };
  return inTwoSteps(station, dice, 'POST', '/schedules/', repetition);
};

const changeSchedule: Edit = async (station, dice) => {
  const path = `/schedules/${await anyOf(station, 'schedules', dice)}/`;
  return inTwoSteps(station, dice, 'PATCH', path, dice(2) === 0 ? times(dice) : { lastDate: dateAfter(dice(DAYS)) });
};

const scheduleMedia: Edit = async (station, dice) =>
  station.call('PATCH', `/schedules/${await anyOf(station, 'schedules', dice)}/`, {
    defaultMediaId: await media(station, dice),
  });

const deleteSchedule: Edit = async (station, dice) =>
  station.call('DELETE', `/schedules/${await anyOf(station, 'schedules', dice)}/`);

const moveTimeslot: Edit = async (station, dice) => {
  const path = `/timeslots/${await anyOf(station, 'timeslots', dice)}/`;
  const found = await station.get(path);
  if (found.status !== 200) return found;
  const { body } = found;
  const shift = (dice(96) - 48) * 1_800_000;
  const start = new Date(Date.parse(String(body['start'])) + shift).toISOString();
  const end = new Date(Date.parse(String(body['end'])) + shift + dice(2) * 1_800_000).toISOString();
  return station.call('PATCH', path, { start, end, memo: `moved by ${shift}` });
};

const fillTimeslot: Edit = async (station, dice) => {
  const path = `/timeslots/${await anyOf(station, 'timeslots', dice)}/`;
  const episodeId = dice(3) === 0 ? null : await anyOf(station, 'episodes', dice);
  return station.call('PATCH', path, dice(2) === 0 ? { mediaId: await media(station, dice) } : { episodeId });
};

const deleteTimeslot: Edit = async (station, dice) =>
  station.call('DELETE', `/timeslots/${await anyOf(station, 'timeslots', dice)}/`);

const showMedia: Edit = async (station, dice) =>
  station.call('PATCH', `/shows/${await anyOf(station, 'shows', dice)}/`, {
    defaultMediaId: await media(station, dice),
  });

const episodeMedia: Edit = async (station, dice) =>
  station.call('PATCH', `/episodes/${await anyOf(station, 'episodes', dice)}/`, {
    title: `Title ${dice(3)}`,
    mediaId: await media(station, dice),
  });

const fallbackShow: Edit = async (station, dice) =>
  station.call('PATCH', '/radio-settings/', {
    fallbackShowId: dice(2) === 0 ? null : await anyOf(station, 'shows', dice),
  });

async function media(station: OnAir, dice: Dice): Promise<number | null> {
  return dice(3) === 0 ? null : anyOf(station, 'media', dice);
}

/** What happens often is there often. */
const edits: readonly Edit[] = [
  makeSchedule,
  makeSchedule,
  makeSchedule,
  repeatSchedule,
  changeSchedule,
  changeSchedule,
  scheduleMedia,
  deleteSchedule,
  moveTimeslot,
  moveTimeslot,
  fillTimeslot,
  fillTimeslot,
  deleteTimeslot,
  showMedia,
  episodeMedia,
];

export function anyEdit(dice: Dice): Edit {
  return edits[dice(edits.length)] ?? makeSchedule;
}

/** Of the fallback show, too: what that tells depends on where the last timeslot is just then. */
export function anyEditAtAll(dice: Dice): Edit {
  return dice(edits.length + 1) === 0 ? fallbackShow : anyEdit(dice);
}
