// Between a show as the domain knows it and its row.
import { show as showSchema } from '@longwave/contracts';
import type { Show as ShowRow } from '#prisma';
import { foldText } from '../domain/folded-text.ts';
import type { ShowContent, ShowRecord } from '../domain/show.ts';

export function toRecord(row: ShowRow): ShowRecord {
  return {
    id: row.id,
    revision: row.revision,
    name: row.name,
    slug: row.slug,
    shortDescription: row.shortDescription,
    description: row.description,
    internalNote: row.internalNote,
    languages: row.languages,
    // A column of JSON has no type, and a JSONB one has its own order of members.
    links: showSchema.shape.links.parse(row.links),
    isActive: row.isActive,
    isPublic: row.isPublic,
    predecessorId: row.predecessorId,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

export function toColumns(content: ShowContent) {
  const { name, slug, shortDescription, description, internalNote, isActive, isPublic, predecessorId } = content;
  return {
    name,
    foldedName: foldText(name),
    slug,
    shortDescription,
    description,
    internalNote,
    languages: [...content.languages],
    links: content.links.map(({ type, url }) => ({ type, url })),
    isActive,
    isPublic,
    predecessorId,
  };
}
