// A question about the log as the conditions of an SQL query. Values are always parameters. The expression on the
// subject is the one that `entry_subject_idx` indexes; a filter has at most 255 characters, so it is decided by it.
import { Prisma } from '#prisma';
import type { EntryQuery } from '../domain/entry-query.ts';
import { keepableText } from '../domain/keepable-text.ts';
import { subjectRange, type SubjectRange } from '../domain/subject-range.ts';

/** Never empty. */
export function conditionsOf(query: EntryQuery, after: number | undefined): Prisma.Sql {
  const { subject, from, to, correlationId, order } = query;
  const beyond = order === 'asc' ? Prisma.sql`"sequence" > ${after}` : Prisma.sql`"sequence" < ${after}`;
  const conditions = [
    ...(subject === undefined ? [] : subjectConditions(subjectRange(subject))),
    ...(from === undefined ? [] : [Prisma.sql`"received_at" >= ${from}`]),
    ...(to === undefined ? [] : [Prisma.sql`"received_at" < ${to}`]),
    // As it was recorded: a longer one was cut.
    ...(correlationId === undefined ? [] : [Prisma.sql`"correlation_id" = ${keepableText(correlationId)}`]),
    ...(after === undefined ? [] : [beyond]),
  ];
  return conditions.length === 0 ? Prisma.sql`TRUE` : Prisma.join(conditions, ' AND ');
}

const indexed = Prisma.sql`left("subject", 256) COLLATE "C"`;

function subjectConditions(range: SubjectRange): readonly Prisma.Sql[] {
  switch (range.kind) {
    case 'everything':
      return [];
    case 'one':
      return [Prisma.sql`${indexed} = ${range.subject}`];
    case 'range':
      return [
        ...(range.atLeast === null ? [] : [Prisma.sql`${indexed} >= ${range.atLeast}`]),
        ...(range.below === null ? [] : [Prisma.sql`${indexed} < ${range.below}`]),
        ...(range.pattern === null ? [] : [Prisma.sql`"subject" COLLATE "C" ~ ${range.pattern}`]),
      ];
  }
}
