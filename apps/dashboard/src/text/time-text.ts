// Times as people say them. English, 24 hours, in the time zone of whoever looks.

const MINUTE_S = 60;
const HOUR_S = 3_600;
const DAY_S = 86_400;

/** How long ago, in one unit: `just now`, `12 s ago`, `3 min ago`, `2 h ago`, `5 days ago`, then the date. */
export function relativeTime(time: Date, now: Date, timeZone?: string): string {
  // Clocks of servers run ahead of ours at times; nothing here is about the future.
  const ageS = Math.max(0, Math.floor((now.getTime() - time.getTime()) / 1_000));
  if (ageS < 5) return 'just now';
  if (ageS < MINUTE_S) return `${ageS} s ago`;
  if (ageS < HOUR_S) return `${Math.floor(ageS / MINUTE_S)} min ago`;
  if (ageS < DAY_S) return `${Math.floor(ageS / HOUR_S)} h ago`;
  if (ageS < 7 * DAY_S) return ageS < 2 * DAY_S ? 'yesterday' : `${Math.floor(ageS / DAY_S)} days ago`;
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone }).format(time);
}

/** `14:03:27`, or `14:03:27.412` where the order within a second matters. */
export function clockTime(time: Date, precision: 'seconds' | 'milliseconds', timeZone?: string): string {
  if (Number.isNaN(time.getTime())) return '--:--:--';
  return new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZone,
    ...(precision === 'milliseconds' ? { fractionalSecondDigits: 3 } : {}),
  }).format(time);
}

/** How long something has lasted: `8 s`, `4 min`, `3 h`, `2 days`. */
export function duration(since: Date, now: Date): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - since.getTime()) / 1_000));
  if (seconds < MINUTE_S) return `${seconds} s`;
  if (seconds < HOUR_S) return `${Math.floor(seconds / MINUTE_S)} min`;
  if (seconds < 2 * DAY_S) return `${Math.floor(seconds / HOUR_S)} h`;
  return `${Math.floor(seconds / DAY_S)} days`;
}

const WHOLE = new Intl.NumberFormat('en-GB', { useGrouping: true });

/** `12,345` */
export function wholeNumber(value: number): string {
  return WHOLE.format(value);
}
