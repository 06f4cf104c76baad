// What a resource is, as data: its fields, what it refers to, how it is listed, what is told of it. The routes, the
// store, the messages and the OpenAPI document of a collection are made from one such definition (`src/resources/`), so
// that eight resources behave alike because they cannot do otherwise.
import type { ResourceContract, ResourceMessages } from '@longwave/contracts';
import type { z } from 'zod';

/** Everything of a resource that a client decides, by the names of its fields. */
export type Content = Readonly<Record<string, unknown>>;

/** A stored resource. `revision` is 1 for a new one and grows by one with each change. */
export type ResourceRecord = Readonly<{ id: number; revision: number; createdAt: Date; updatedAt: Date }> & {
  readonly content: Content;
};

/** The tables of resources, as the database client calls them. */
export type ResourceTable =
  | 'show'
  | 'schedule'
  | 'timeslot'
  | 'episode'
  | 'media'
  | 'profile'
  | 'category'
  | 'radioSettings';

/** A field that holds the id of another resource, or a list of them. What is referred to cannot be deleted. */
export type Reference = {
  readonly field: string;
  readonly to: ResourceTable;
  /** The field is a list of ids. */
  readonly isList: boolean;
};

/** A query parameter of a list. `where` is a condition in the words of the database client. */
export type Filter = { readonly schema: z.ZodType; readonly where: (value: unknown) => object };

/** By which column a list may be ordered, and what a position in it is; the id comes after it. */
export type Order = { readonly column: string; readonly kind: 'text' | 'time' };

export type Resource = {
  /** As in messages and in the codes of problems: `radio-settings`. */
  readonly type: string;
  /** As in addresses: `categories`. */
  readonly collection: string;
  readonly table: ResourceTable;
  /** The name for people: `show`. */
  readonly noun: string;
  /** What is in an answer beside id and times, in its order. */
  readonly fields: readonly string[];
  readonly input: z.ZodObject;
  readonly patch: z.ZodObject;
  readonly answer: z.ZodObject;
  readonly messages: ResourceMessages<number>;
  readonly references: readonly Reference[];
  readonly filters: Readonly<Record<string, Filter>>;
  readonly orders: Readonly<Record<string, Order>>;
  /** Columns that are computed from the fields. */
  readonly derived: (content: Content) => Content;
  /** What one of them is called in the list of what hangs on another. */
  readonly label: (content: Content) => string;
  /** The fields on which the program depends: who may change one takes the program lock first. */
  readonly programFields: readonly string[];
};

type Fields = Readonly<Record<string, z.ZodType>>;
type ContentOf<Given extends Fields, Told extends Fields> = Omit<
  z.output<ResourceContract<Given, Told>['answer']>,
  'id' | 'createdAt' | 'updatedAt'
>;
/** Only the contract says which fields there are: from a built contract they would be inferred from these names. */
type Name<Given extends Fields> = keyof NoInfer<Given> & string;

export type ResourceDeclaration<Given extends Fields, Told extends Fields> = {
  readonly type: string;
  readonly collection: string;
  readonly table: ResourceTable;
  readonly noun?: string;
  readonly contract: ResourceContract<Given, Told>;
  readonly messages: ResourceMessages<number>;
  /** Fields that hold one id, and of what. */
  readonly refersTo?: Partial<Readonly<Record<Name<Given>, ResourceTable>>>;
  /** Fields that hold several. */
  readonly refersToMany?: Partial<Readonly<Record<Name<Given>, ResourceTable>>>;
  readonly filters?: Readonly<Record<string, Filter>>;
  readonly orders?: Readonly<Record<string, Order>>;
  readonly derived?: (content: ContentOf<Given, Told>) => Content;
  readonly label: (content: ContentOf<Given, Told>) => string;
  readonly programFields?: readonly Name<Given>[];
};

/** Every resource has these, and nobody decides them. */
const stored: ReadonlySet<string> = new Set(['id', 'createdAt', 'updatedAt']);

/** Checked against its contract's fields here, and used as data of any resource from here on. */
export function defineResource<Given extends Fields, Told extends Fields>(
  declaration: ResourceDeclaration<Given, Told>,
): Resource {
  const { type, collection, table, contract, messages, refersTo = {}, refersToMany = {} } = declaration;
  const derived = declaration.derived ?? (() => ({}));
  return {
    type,
    collection,
    table,
    noun: declaration.noun ?? type,
    fields: Object.keys(contract.answer.shape).filter((name) => !stored.has(name)),
    input: contract.input,
    patch: contract.patch,
    answer: contract.answer,
    messages,
    references: [...references(refersTo, false), ...references(refersToMany, true)],
    filters: declaration.filters ?? {},
    orders: { ...declaration.orders, updatedAt: { column: 'updatedAt', kind: 'time' } },
    // Content comes out of the contract's own schemas, or out of the row that was made from it.
    derived: (content) => derived(content as ContentOf<Given, Told>),
    label: (content) => declaration.label(content as ContentOf<Given, Told>),
    programFields: declaration.programFields ?? [],
  };
}

function references(fields: Partial<Readonly<Record<string, ResourceTable>>>, isList: boolean): readonly Reference[] {
  return Object.entries(fields).flatMap(([field, to]) => (to === undefined ? [] : [{ field, to, isList }]));
}
