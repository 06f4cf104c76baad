// What REST takes and gives of a resource, made from one list of its fields: the body of POST and PUT, the merge patch
// of PATCH, and the answer. So the three cannot differ, and a resource is said once.
// A field that may be absent has a default (`.default(…)`) or is optional; in an answer every field is there.
import { z } from 'zod';

/** Ids are numbers that every JSON reader and a Postgres integer hold. */
export const RESOURCE_ID_MAX = 2_147_483_647;

/** A reference to something else, e.g. `idOf('show')`. */
export function idOf(type: string): z.ZodInt {
  return z
    .int()
    .min(1)
    .max(RESOURCE_ID_MAX)
    .meta({ description: `The id of a ${type}`, example: 12 });
}

/** A reference that may be none. */
export function optionalIdOf(type: string, description: string): z.ZodDefault<z.ZodNullable<z.ZodInt>> {
  return idOf(type)
    .nullable()
    .meta({ description: `${description}; null for none` })
    .default(null);
}

/** References to several, in an order, each once. */
export function idsOf(type: string, description: string): z.ZodDefault<z.ZodArray<z.ZodInt>> {
  return z
    .array(idOf(type))
    .max(100)
    .refine((ids) => new Set(ids).size === ids.length, 'each only once')
    .meta({ description })
    .default([]);
}

type Fields = Readonly<Record<string, z.ZodType>>;

/** A field as it is in an answer: without its default, and always there. */
type Present<Field> =
  Field extends z.ZodDefault<infer Inner extends z.ZodType>
    ? Inner
    : Field extends z.ZodOptional<infer Inner extends z.ZodType>
      ? Inner
      : Field;

type Shape<Given extends Fields> = { [Name in keyof Given]: Given[Name] };
type PresentShape<Given extends Fields> = { [Name in keyof Given]: Present<Given[Name]> };
type PatchShape<Given extends Fields> = {
  [Name in keyof Given]: z.ZodOptional<Present<Given[Name]> extends z.ZodType ? Present<Given[Name]> : never>;
};

const stored = {
  id: z.int().positive(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime().meta({ description: 'Later with every real change, and only then' }),
};
type Stored = typeof stored;

/** `Told`: fields that only an answer has, because the service decides them. */
export type ResourceContract<Given extends Fields, Told extends Fields = Readonly<Record<never, z.ZodType>>> = {
  readonly input: z.ZodObject<Shape<Given>, z.core.$strict>;
  readonly patch: z.ZodObject<PatchShape<Given>, z.core.$strict>;
  readonly answer: z.ZodObject<Pick<Stored, 'id'> & Shape<Told> & PresentShape<Given> & Omit<Stored, 'id'>>;
};

/** `name` as in `Show`: the schemas are called `Show`, `ShowInput` and `ShowPatch` in the OpenAPI document. */
export function resourceContract<Given extends Fields, Told extends Fields = Readonly<Record<never, z.ZodType>>>(
  name: string,
  {
    says,
    fields,
    told,
    example,
    patchExample,
  }: {
    /** What it is, as a noun: `a show`. */
    readonly says: string;
    readonly fields: Given;
    readonly told?: Told;
    readonly example: object;
    readonly patchExample: object;
  },
): ResourceContract<Given, Told> {
  const present = mapFields(fields, presentOf);
  const id = stored.id;
  const { createdAt, updatedAt } = stored;
  const input = z.strictObject(fields).meta({ id: `${name}Input`, description: `What a client may say of ${says}` });
  const patch = z.strictObject(mapFields(present, (field) => field.optional())).meta({
    id: `${name}Patch`,
    description: 'A JSON merge patch (RFC 7396): what is absent stays as it is, an array replaces the array',
    example: patchExample,
  });
  const answer = z
    .object({ id, ...told, ...present, createdAt, updatedAt })
    .meta({ id: name, description: `${says.charAt(0).toUpperCase()}${says.slice(1)} as it is now`, example });
  // Mapping over names forgets which name has which schema; the types above say it again.
  return { input, patch, answer } as unknown as ResourceContract<Given, Told>;
}

function presentOf(field: z.ZodType): z.ZodType {
  const isAbsentable = field instanceof z.ZodDefault || field instanceof z.ZodOptional;
  // `unwrap` gives zod's base type; every schema here is one of its classes.
  return isAbsentable ? presentOf(field.unwrap() as z.ZodType) : field;
}

function mapFields(fields: Fields, map: (field: z.ZodType) => z.ZodType): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, map(field)]));
}
