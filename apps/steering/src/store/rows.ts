// The rows of any resource's table. The database client has a type of its own for each table; here all are one, because
// a store that is made from a definition knows the names of the columns only when it runs.
import type { Prisma } from '#prisma';
import type { Content, Resource, ResourceRecord, ResourceTable } from '../domain/resource.ts';
import { pick } from '../domain/content.ts';

type Row = Readonly<{ id: number; revision: number; createdAt: Date; updatedAt: Date }>;

export type Rows = {
  findMany(args: object): Promise<Row[]>;
  findUnique(args: object): Promise<Row | null>;
  count(args: object): Promise<number>;
  createManyAndReturn(args: object): Promise<Row[]>;
  update(args: object): Promise<Row>;
  delete(args: object): Promise<Row>;
};

export function rowsOf(client: Prisma.TransactionClient, table: ResourceTable): Rows {
  // Each table's own type knows its columns; what is asked here comes out of the definition of the same table.
  return client[table] as unknown as Rows;
}

/** `snake_case`, as the database calls a table or a column. Only for names out of definitions. */
export function sqlName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
}

export function toRecord({ fields }: Resource, row: Row): ResourceRecord {
  const { id, revision, createdAt, updatedAt } = row;
  return { id, revision, createdAt, updatedAt, content: pick({ ...row }, fields) };
}

export function toColumns({ fields, derived }: Resource, content: Content): Content {
  return { ...pick(content, fields), ...derived(content) };
}
