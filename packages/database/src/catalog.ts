// What a database consists of, as one list of named definitions that two databases can be compared by.
// The text of a definition is Postgres' own (pg_get_…def), so equal means equal to Postgres.
// Left out: what belongs to extensions, Prisma's history table, the order of columns and of enum labels (an added
// one is last in a migrated database and where the schema says in a new one), and roles, which no database owns.
// Not looked at: comments, rules, event triggers, statistics, publications.
import type { ClientBase } from 'pg';

export type CatalogObject = {
  /** Kind and name as people write them, e.g. `column show.name` or `index show_name_key`; unique in the database. */
  readonly object: string;
  readonly definition: string;
  /** The object it cannot exist without, e.g. `table show`; itself when there is none. */
  readonly owner: string;
  /** Takes the object away; null for the kinds that the schema engine does not see anyway. */
  readonly dropSql: string | null;
};

const ours = `NOT IN ('pg_catalog', 'information_schema', 'pg_toast')`;
const notFromExtension = (catalog: string, oid: string): string =>
  `NOT EXISTS (SELECT 1 FROM pg_depend WHERE classid = '${catalog}'::regclass AND objid = ${oid} AND deptype = 'e')`;

/** The tables, views and sequences to look at; the other queries join it. */
const relation = `
  relation AS (
    SELECT c.*, c.oid::regclass::text AS name,
           CASE c.relkind WHEN 'v' THEN 'view ' WHEN 'm' THEN 'view ' WHEN 'S' THEN 'sequence ' ELSE 'table ' END
             || c.oid::regclass AS object
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname ${ours} AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
       AND c.relname <> '_prisma_migrations' AND ${notFromExtension('pg_class', 'c.oid')}
  )`;

const tables = `
  SELECT object, concat_ws(' ', relkind, relpersistence, CASE WHEN relrowsecurity THEN 'row security' END,
           CASE WHEN relforcerowsecurity THEN 'forced' END, reloptions::text) AS definition, object AS owner,
         format('DROP TABLE IF EXISTS %s CASCADE', name) AS drop_sql
    FROM relation WHERE relkind IN ('r', 'p', 'f')`;

const views = `
  SELECT object, pg_get_viewdef(oid), object, NULL FROM relation WHERE relkind IN ('v', 'm')`;

const grants = `
  SELECT 'grants ' || name, relacl::text, object, NULL FROM relation WHERE relacl IS NOT NULL
  UNION ALL
  SELECT format('grants %s.%I', r.name, a.attname), a.attacl::text, r.object, NULL
    FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid WHERE a.attacl IS NOT NULL
  UNION ALL
  SELECT 'grants schema ' || nspname, nspacl::text, 'grants schema ' || nspname, NULL
    FROM pg_namespace WHERE nspacl IS NOT NULL AND nspname ${ours}`;

const columns = `
  SELECT format('column %s.%I', r.name, a.attname),
         concat_ws(' ', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'NOT NULL' END,
           'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), 'IDENTITY ' || nullif(a.attidentity::text, ''),
           'GENERATED ' || nullif(a.attgenerated::text, ''),
           'COLLATE ' || (SELECT l.collname FROM pg_collation l, pg_type t
                           WHERE t.oid = a.atttypid AND l.oid = a.attcollation AND l.oid <> t.typcollation)),
         r.object, format('ALTER TABLE IF EXISTS %s DROP COLUMN IF EXISTS %I CASCADE', r.name, a.attname)
    FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE r.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped`;

/** NOT NULL is told with its column: here it would have a name that depends on how the column came to be. */
const constraints = `
  SELECT format('constraint %s.%I', r.name, c.conname),
         pg_get_constraintdef(c.oid) || CASE WHEN c.convalidated THEN '' ELSE ' NOT VALID' END,
         r.object, format('ALTER TABLE IF EXISTS %s DROP CONSTRAINT IF EXISTS %I CASCADE', r.name, c.conname)
    FROM relation r JOIN pg_constraint c ON c.conrelid = r.oid WHERE c.contype <> 'n'`;

/** Without those that a constraint brings along: that constraint is listed. */
const indexes = `
  SELECT 'index ' || i.indexrelid::regclass,
         pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN '' ELSE ' INVALID' END,
         r.object, format('DROP INDEX IF EXISTS %s CASCADE', i.indexrelid::regclass)
    FROM relation r JOIN pg_index i ON i.indrelid = r.oid
   WHERE NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = i.indexrelid AND conrelid = i.indrelid)`;

const triggers = `
  SELECT format('trigger %s.%I', r.name, t.tgname), pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text, r.object, NULL
    FROM relation r JOIN pg_trigger t ON t.tgrelid = r.oid WHERE NOT t.tgisinternal`;

const policies = `
  SELECT format('policy %s.%I', r.name, p.polname),
         concat_ws(' ', p.polcmd, p.polpermissive, p.polroles::regrole[]::text,
           pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)), r.object, NULL
    FROM relation r JOIN pg_policy p ON p.polrelid = r.oid`;

/** A sequence that belongs to a column (SERIAL) goes with that column's table. */
const sequences = `
  SELECT r.object, concat_ws(' ', s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcycle),
         coalesce((SELECT 'table ' || d.refobjid::regclass FROM pg_depend d
                    WHERE d.classid = 'pg_class'::regclass AND d.objid = r.oid AND d.deptype IN ('a', 'i')
                      AND d.refclassid = 'pg_class'::regclass), r.object), NULL
    FROM relation r JOIN pg_sequence s ON s.seqrelid = r.oid`;

const types = `
  SELECT 'type ' || t.oid::regtype,
         CASE t.typtype
           WHEN 'e' THEN (SELECT 'enum ' || string_agg(enumlabel, ', ' ORDER BY enumlabel COLLATE "C")
                            FROM pg_enum WHERE enumtypid = t.oid)
           WHEN 'd' THEN concat_ws(' ', 'domain', format_type(t.typbasetype, t.typtypmod), t.typdefault,
             CASE WHEN t.typnotnull THEN 'NOT NULL' END,
             (SELECT string_agg(pg_get_constraintdef(oid), ' ' ORDER BY conname) FROM pg_constraint
               WHERE contypid = t.oid AND contype <> 'n'))
           ELSE 'composite ' || (SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum)
                                   FROM pg_attribute WHERE attrelid = t.typrelid AND NOT attisdropped)
         END,
         'type ' || t.oid::regtype, format('DROP TYPE IF EXISTS %s CASCADE', t.oid::regtype)
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
   WHERE n.nspname ${ours} AND (t.typtype IN ('e', 'd') OR (t.typtype = 'c' AND c.relkind = 'c'))
     AND ${notFromExtension('pg_type', 't.oid')}`;

const functions = `
  SELECT 'function ' || p.oid::regprocedure, pg_get_functiondef(p.oid) || coalesce(' ' || p.proacl::text, ''),
         'function ' || p.oid::regprocedure, NULL
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
   WHERE n.nspname ${ours} AND p.prokind IN ('f', 'p') AND ${notFromExtension('pg_proc', 'p.oid')}`;

const extensions = `
  SELECT 'extension ' || extname, '', 'extension ' || extname, NULL FROM pg_extension WHERE extname <> 'plpgsql'`;

const parts = [
  tables,
  views,
  grants,
  columns,
  constraints,
  indexes,
  triggers,
  policies,
  sequences,
  types,
  functions,
  extensions,
];

/** Everything in the connected database, sorted by name. */
export async function readCatalog(client: ClientBase): Promise<readonly CatalogObject[]> {
  // Definitions name a schema only when it is not on the search path: both databases must have the same path.
  await client.query('SET search_path TO public');
  const { rows } = await client.query<{ object: string; definition: string; owner: string; drop_sql: string | null }>(
    `WITH ${relation} ${parts.join(' UNION ALL ')} ORDER BY 1`,
  );
  return rows.map(({ drop_sql: dropSql, ...row }) => ({ ...row, dropSql }));
}
