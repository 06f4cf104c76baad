// Instants in queries. What RFC 3339 can write and Postgres cannot keep (the year 0) is refused here, as a fault of the
// request, and so is what nobody can mean.
import { z } from 'zod';

const FIRST_MS = 0;
/** 9999-01-01, which leaves room for whatever is added to it. */
const LAST_MS = 253_370_764_800_000;

/** RFC 3339 with an offset. */
export const instantText = z.iso
  .datetime({ offset: true, abort: true })
  .refine((text) => Date.parse(text) >= FIRST_MS && Date.parse(text) <= LAST_MS, 'an instant from 1970 to 9998')
  .meta({ example: '2026-11-21T00:00:00+01:00' });
