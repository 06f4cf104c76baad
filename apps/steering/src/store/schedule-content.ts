// A schedule's content as its own types: what a client decides, and the plan in it.
import { schedulePlanContract } from '@longwave/contracts';
import type { z } from 'zod';
import type { Content } from '../domain/resource.ts';
import type { SchedulePlan } from '../program/schedule/schedule-plan.ts';

const content = schedulePlanContract.answer.omit({ id: true, createdAt: true, updatedAt: true });
export type ScheduleContent = z.output<typeof content>;

export function scheduleContent(untyped: Content): ScheduleContent {
  return content.parse(untyped);
}

export function planOf(schedule: ScheduleContent): SchedulePlan {
  const { rrule, firstDate, lastDate, startTime, endTime, repetitionOfId, addDaysNo, addBusinessDaysOnly } = schedule;
  return { rrule, firstDate, lastDate, startTime, endTime, repetitionOfId, addDaysNo, addBusinessDaysOnly };
}
