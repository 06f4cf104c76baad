// A station in Vienna whose clock the test owns: a show, schedules in few words, and what is told of the program.
import type { Answer, Client } from './client.ts';
import { shortSubject } from './told.ts';
import { startStation, type SeenMessage, type Station } from './station.ts';

export type OnAir = Station & {
  /** Sets the clock of all replicas. */
  setTime(text: string): void;
  makeShow(more?: object): Promise<number>;
  /** A schedule of `showId` at these times; `more` says the rest. */
  schedule(showId: number, firstDate: string, times: string, more?: object): Promise<Answer>;
  timeslotsOf(scheduleId: unknown): Promise<readonly Timeslot[]>;
  /** What the request has told: subjects without their frame, e.g. `date.2026-11-25`. */
  toldBy(answer: Answer): Promise<readonly string[]>;
};

export type Timeslot = {
  readonly id: number;
  readonly start: string;
  readonly end: string;
  readonly memo: string;
  readonly mediaId: number | null;
  readonly repetitionOfId: number | null;
};

/** Saturday, in week 47. */
export const NOON = '2026-11-21T12:00:00+01:00';

export async function startOnAir(zone = 'Europe/Vienna'): Promise<OnAir> {
  let nowMs = Date.parse(NOON);
  const station = await startStation({ clock: { now: () => new Date(nowMs) } });
  await station.call('PATCH', '/radio-settings/', { timeZone: zone });
  return {
    ...station,
    setTime: (text) => {
      nowMs = Date.parse(text);
    },
    makeShow: async (more = {}) =>
      Number((await station.call('POST', '/shows/', { name: 'Morning Wave', ...more })).body['id']),
    schedule: (showId, firstDate, times, more) => schedule(station, showId, firstDate, times, more),
    timeslotsOf: (scheduleId) => timeslotsOf(station, scheduleId),
    toldBy: async ({ headers }) => {
      const isOfIt = (message: SeenMessage): boolean =>
        message.headers['ce-correlationid'] === headers['x-correlation-id'];
      const messages = [...(await station.messages('program')), ...(await station.messages('resource'))];
      return messages.filter(isOfIt).map(({ subject }) => shortSubject(subject));
    },
  };
}

/** `times` as `20:00-21:30`, once unless `more` says otherwise. */
function schedule(
  client: Client,
  showId: number,
  firstDate: string,
  times: string,
  more: object = {},
): Promise<Answer> {
  const [startTime, endTime] = times.split('-').map((time) => `${time}:00`);
  return client.call('POST', '/schedules/', {
    showId,
    rrule: { freq: 'once' },
    firstDate,
    startTime,
    endTime,
    ...more,
  });
}

async function timeslotsOf(client: Client, scheduleId: unknown): Promise<readonly Timeslot[]> {
  const { body } = await client.get(`/timeslots/?scheduleId=${String(scheduleId)}&order=start&limit=200`);
  // The contract's own tests say what a timeslot is.
  return body['items'] as readonly Timeslot[];
}

/** `2026-11-25 20:00-21:30`: when it is on the clocks of the station. */
export function whenOf({ start, end }: Pick<Timeslot, 'start' | 'end'>): string {
  return `${start.slice(0, 10)} ${start.slice(11, 16)}-${end.slice(11, 16)}`;
}
