// What a schema of a contract says of the wire, as JSON Schema draft 7, which is what AsyncAPI schemas are made of.
// The wire is the input side of a schema: a codec is decoded from it. What a consumer would ignore is not forbidden.
import { z } from 'zod';

export type WireSchema = z.core.JSONSchema.JSONSchema;

/** Throws what zod throws for a type that JSON does not have, such as a bare z.date(): declare a codec instead. */
export function wireSchemaOf(schema: z.ZodType): WireSchema {
  const json = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-07',
    // OpenAPI has `example`, JSON Schema has `examples`.
    override: ({ jsonSchema }) => {
      const { example } = jsonSchema;
      delete jsonSchema['example'];
      if (example !== undefined) jsonSchema.examples = [example];
    },
  });
  delete json.$schema;
  return json;
}

/** What stands in the place of a schema, as one: `true` and what is absent say nothing, and tuples are not told apart. */
export function asSchema(schema: WireSchema['items']): WireSchema {
  return typeof schema === 'object' && !Array.isArray(schema) ? schema : {};
}
