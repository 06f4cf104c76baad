// Waiting for brokers that are killed and started again on two cores that do much else: a little longer than elsewhere.
import { until as untilWithin } from '@longwave/embedded/testing';

const DEADLINE_MS = 15_000;

export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  deadlineMs = DEADLINE_MS,
): Promise<void> {
  await untilWithin(what, condition, deadlineMs);
}
