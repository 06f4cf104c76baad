// Where the servers of this benchmark are, as the side of a benchmark is told: its one argument, JSON.
import { z } from 'zod';

const addressesSchema = z.object({ host: z.string(), port: z.int(), postgresUrl: z.string() });
export type Addresses = z.infer<typeof addressesSchema>;

export function readAddresses(argument: string | undefined): Addresses {
  return addressesSchema.parse(JSON.parse(argument ?? ''));
}
