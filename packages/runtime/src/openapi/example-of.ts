// A believable value for a JSON Schema: its example if it has one, else one made of the examples of what it consists of.
// For people to start from; nobody promises that a service would accept it.
import { asJson, type Json } from './html.ts';

/** Deeper schemas describe trees; people write those themselves. */
const DEPTH_MAX = 8;

/** `schemas` are those that `$ref` names. Fields that may be absent are left out unless they have an example. */
export function exampleOf(schema: unknown, schemas: Json, depth = 0): unknown {
  const json = asJson(schema);
  if (json['example'] !== undefined) return json['example'];
  if (json['default'] !== undefined) return json['default'];
  if (json['const'] !== undefined) return json['const'];
  if (depth >= DEPTH_MAX) return null;
  const { $ref: reference } = json;
  if (typeof reference === 'string') return exampleOf(schemas[reference.replace(/^.*\//, '')], schemas, depth + 1);
  const first = firstOf(json['enum']) ?? firstOf(json['examples']);
  if (first !== undefined) return first;
  const option = firstOf(json['anyOf']) ?? firstOf(json['oneOf']) ?? firstOf(json['allOf']);
  if (option !== undefined) return exampleOf(option, schemas, depth + 1);
  return ofType(json, schemas, depth);
}

function ofType(schema: Json, schemas: Json, depth: number): unknown {
  switch (schema['type']) {
    case 'object':
      return objectExample(schema, schemas, depth);
    case 'array':
      return [];
    case 'integer':
    case 'number':
      return schema['minimum'] ?? 1;
    case 'boolean':
      return true;
    case 'string':
      return '';
    default:
      return null;
  }
}

function objectExample(schema: Json, schemas: Json, depth: number): object {
  const required: unknown = schema['required'];
  const isRequired = (name: string): boolean => Array.isArray(required) && required.includes(name);
  const fields = Object.entries(asJson(schema['properties'])).filter(
    ([name, field]) => isRequired(name) || asJson(field)['example'] !== undefined,
  );
  return Object.fromEntries(fields.map(([name, field]) => [name, exampleOf(field, schemas, depth + 1)]));
}

function firstOf(list: unknown): unknown {
  return Array.isArray(list) ? list[0] : undefined;
}
