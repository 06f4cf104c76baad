// Instants as every message carries them. `Date.prototype.toISOString` prints through C's formatting, at 0.4 µs a time; a
// message has up to three, and this is the same text in less than half of that, and as little garbage.

const ZERO = 0x30;
const [DASH, T, COLON, DOT, Z] = [0x2d, 0x54, 0x3a, 0x2e, 0x5a] as const;

/** What `toISOString` says, in every case; throws RangeError for an invalid date, as it does. */
export function instantText(instant: Date): string {
  const year = instant.getUTCFullYear();
  // Invalid, or not of four digits: never of a message of ours.
  if (!(year >= 0 && year <= 9_999)) return instant.toISOString();
  const century = Math.trunc(year / 100);
  const month = instant.getUTCMonth() + 1;
  const day = instant.getUTCDate();
  const hour = instant.getUTCHours();
  const minute = instant.getUTCMinutes();
  const second = instant.getUTCSeconds();
  const hundredth = Math.trunc(instant.getUTCMilliseconds() / 10);
  // oxfmt-ignore
  return String.fromCharCode(
    tens(century), ones(century), tens(year % 100), ones(year), DASH, tens(month), ones(month), DASH, tens(day), ones(day),
    T, tens(hour), ones(hour), COLON, tens(minute), ones(minute), COLON, tens(second), ones(second),
    DOT, tens(hundredth), ones(hundredth), ones(instant.getUTCMilliseconds()), Z,
  );
}

function tens(value: number): number {
  return ZERO + Math.trunc(value / 10);
}

function ones(value: number): number {
  return ZERO + (value % 10);
}
