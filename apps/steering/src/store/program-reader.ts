// The program for those who only read it.
import type { PrismaClient } from '#prisma';
import { scopeOf } from '../program/playout/entries.ts';
import type { Program } from '../program/program.ts';
import type { Interval } from '../program/time/interval.ts';
import { findProgram, findStation } from './program-rows.ts';

export type ProgramReader = {
  /** Everything that the entries of `window` need. */
  read(window: Interval): Promise<Program>;
};

export function createProgramReader(prisma: PrismaClient): ProgramReader {
  return {
    read: async (window) => {
      const station = await findStation(prisma);
      return findProgram(prisma, { intervals: [scopeOf(station.zone, window)] }, station);
    },
  };
}
