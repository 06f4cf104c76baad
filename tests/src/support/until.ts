// Waiting for a whole station, whose processes share two cores and start each other again: a minute, not ten seconds.
import { until as untilWithin } from '@longwave/embedded/testing';

const DEADLINE_MS = 60_000;

export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  deadlineMs = DEADLINE_MS,
): Promise<void> {
  await untilWithin(what, condition, deadlineMs);
}
