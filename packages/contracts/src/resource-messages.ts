// The `resource` messages: something behind a REST URL was created, updated or deleted.
// They say where to look, not what changed: a client that cares reads the URL, and a cache drops what it has.
import { event, type EventType } from '@longwave/messaging/contract';
import { z } from 'zod';

/** `url` is absolute, plural collection, trailing slash. */
export type ResourceChange<Id extends number | string> = {
  readonly id: Id;
  readonly url: string;
  readonly updatedAt?: string | undefined;
};

export type ResourceMessages<Id extends number | string> = {
  readonly created: EventType<ResourceChange<Id>>;
  readonly updated: EventType<ResourceChange<Id>>;
  readonly deleted: EventType<ResourceChange<Id>>;
};

/** The three message types of one resource, e.g. `resourceMessages('steering', 'show', z.int(), 123)`. */
export function resourceMessages<Id extends number | string>(
  source: string,
  type: string,
  id: z.ZodType<Id, Id>,
  exampleId: Id,
  /** Where the example is, when that is not the type with an s. */
  collection = `${type}s`,
): ResourceMessages<Id> {
  const schema = z.object({
    id: id.meta({ description: `Which ${type}` }),
    url: z.url().meta({ description: 'Its absolute address, with a trailing slash' }),
    updatedAt: z.iso.datetime({ offset: true }).optional().meta({ description: 'When it was changed last' }),
  });
  const example = {
    id: exampleId,
    url: `https://radio.example/${source}/api/v1/${collection}/${exampleId}/`,
    updatedAt: '2026-11-21T12:00:00.000Z',
  };
  const change = (name: string, verb: string, description: string): EventType<ResourceChange<Id>> =>
    event(name, {
      version: 1,
      subject: `resource.${source}.${type}.{id}.${verb}`,
      address: (data) => ({ id: data.id }),
      key: (data) => `${source}/${type}/${data.id}`,
      schema: schema.meta({ description }) as unknown as z.ZodType<ResourceChange<Id>, ResourceChange<Id>>,
      example,
    });
  return {
    created: change('ResourceCreated', 'created', `There is a new ${type}: read it at its address`),
    updated: change('ResourceUpdated', 'updated', `A ${type} has changed: what was read before is out of date`),
    deleted: change('ResourceDeleted', 'deleted', `A ${type} is gone: its address answers 404`),
  };
}
