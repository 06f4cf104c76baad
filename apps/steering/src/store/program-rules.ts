// Which resources beside schedules and timeslots may change the program, and what of it.
import { TimeZoneFixedError } from '../domain/schedule-errors.ts';
import type { ResourceRules } from './resource-store.ts';
import type { Touched } from './change-program.ts';
import type { Transaction } from './transactions.ts';

/** The media of a show is played by timeslots without any; that of the fallback show also in gaps. */
export async function touchedByShow({ prisma }: Transaction, id: number): Promise<Touched> {
  const fallback = await prisma.radioSettings.findFirst({ where: { fallbackShowId: id }, select: { id: true } });
  return { showIds: [id], isFallback: fallback !== null };
}

export const episodeRules: ResourceRules = {
  touches: (_transaction, { id }) => Promise.resolve({ episodeIds: [id] }),
};

/** They throw TimeZoneFixedError. */
export const radioSettingsRules: ResourceRules = {
  beforeUpdate: async ({ prisma }, { content }, wanted) => {
    if (content['timeZone'] === wanted['timeZone']) return;
    if ((await prisma.timeslot.findFirst({ select: { id: true } })) !== null) throw new TimeZoneFixedError();
  },
  touches: () => Promise.resolve({ isFallback: true }),
};
