// What the migrations make on purpose though schema.prisma cannot say it: CHECKs, triggers, collations, grants…
// Said in schema.prisma itself, beside the model, where its reader looks and where no checksum forbids the edit:
//
//     // only in the migrations: constraint show.show_plays_check, trigger audit.no_update
//
// The names are those the drift report prints.

const marker = /^\s*\/\/+\s*only in the migrations:\s*(?<objects>.+?)\s*$/gim;

/** The declared objects, e.g. `trigger audit.no_update`. */
export function readUnexpressed(schema: string): ReadonlySet<string> {
  const lines = [...schema.matchAll(marker)].map((match) => match.groups?.['objects'] ?? '');
  return new Set(lines.flatMap(splitObjects));
}

/** At commas, except those between the parameters of a function. */
function splitObjects(line: string): readonly string[] {
  return line.split(/,\s*(?![^(]*\))/u).map((object) => object.trim());
}
