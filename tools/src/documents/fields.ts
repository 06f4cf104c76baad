// The fields of a schema as lines that people read: `packageId.name`, `dependencies[].range`, each with its type and
// what it means. What it has no words for (patterns, say) is left to the AsyncAPI document.
import { asSchema, type WireSchema } from './wire-schema.ts';

export type Field = {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly says: string;
};

/** Nothing for a schema that is no object: its one line would have no name. */
export function fieldsOf(schema: WireSchema, prefix = ''): readonly Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const field = asSchema(value);
    const name = `${prefix}${key}`;
    const required = schema.required?.includes(key) === true;
    return [{ name, type: typeOf(field), required, says: field.description ?? '' }, ...innerFields(field, name)];
  });
}

function innerFields(field: WireSchema, name: string): readonly Field[] {
  return field.type === 'array' ? fieldsOf(asSchema(field.items), `${name}[].`) : fieldsOf(field, `${name}.`);
}

function typeOf(schema: WireSchema): string {
  const { type, format, anyOf } = schema;
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' or ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (anyOf !== undefined) return anyOf.map(typeOf).join(' or ');
  if (type === 'array') return `array of ${typeOf(asSchema(schema.items))}`;
  return [typeof type === 'string' ? type : 'anything', format, boundsOf(schema)].filter(Boolean).join(', ');
}

function boundsOf({ minimum, exclusiveMinimum, maximum, minLength, maxLength }: WireSchema): string {
  return [
    minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? '' : `≥ ${minimum}`,
    exclusiveMinimum === undefined ? '' : `> ${String(exclusiveMinimum)}`,
    // What JSON holds exactly goes without saying.
    maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? '' : `≤ ${maximum}`,
    minLength === undefined ? '' : `≥ ${minLength} characters`,
    maxLength === undefined ? '' : `≤ ${maxLength} characters`,
  ]
    .filter((bound) => bound !== '')
    .join(', ');
}
