// Writes a JSON Schema the way people write types: `Show[]`, `integer 1…50`, `{ name: string ≤ 50, kind?: "live" }`.
// For reading only: what it has no words for is left to /openapi.json.
import { asJson, asJsonList, escapeHtml } from './html.ts';
import type { Json } from './html.ts';

/** HTML text; named schemas are links to `#<name>`. */
export function schemaNotation(schema: unknown, indent = ''): string {
  const json = asJson(schema);
  const { $ref: reference, enum: values, const: constant, type } = json;
  if (typeof reference === 'string') return linkTo(reference);
  if (Array.isArray(values)) return values.map((value) => literal(value)).join(' | ');
  if (constant !== undefined) return literal(constant);
  if (json['allOf'] !== undefined) return partsOf(json['allOf'], ' & ', indent);
  if (json['anyOf'] !== undefined) return partsOf(json['anyOf'], ' | ', indent);
  if (json['oneOf'] !== undefined) return partsOf(json['oneOf'], ' | ', indent);
  if (type === 'array') return `${schemaNotation(json['items'], indent)}[]${range(json, 'minItems', 'maxItems')}`;
  if (type === 'object') return objectNotation(json, indent);
  if (typeof type !== 'string') return 'any';
  const format = typeof json['format'] === 'string' ? ` (${escapeHtml(json['format'])})` : '';
  return `${escapeHtml(type)}${format}${range(json, 'minimum', 'maximum')}${range(json, 'minLength', 'maxLength')}`;
}

function objectNotation(schema: Json, indent: string): string {
  const required: unknown = schema['required'];
  const isRequired = (name: string): boolean => Array.isArray(required) && required.includes(name);
  const inner = `${indent}  `;
  const fields = Object.entries(asJson(schema['properties'])).map(([name, field]) => {
    const { description } = asJson(field);
    const comment = typeof description === 'string' ? `  <span class="dim">${escapeHtml(description)}</span>` : '';
    return `${inner}${escapeHtml(name)}${isRequired(name) ? '' : '?'}: ${schemaNotation(field, inner)}${comment}`;
  });
  const others = Object.keys(asJson(schema['additionalProperties'])).length > 0;
  if (others) fields.push(`${inner}[name]: ${schemaNotation(schema['additionalProperties'], inner)}`);
  return fields.length === 0 ? 'object' : `{\n${fields.join('\n')}\n${indent}}`;
}

function partsOf(parts: unknown, separator: string, indent: string): string {
  return asJsonList(parts)
    .map((part) => schemaNotation(part, indent))
    .join(separator);
}

const literal = (value: unknown): string => escapeHtml(JSON.stringify(value));

function linkTo(reference: string): string {
  const name = escapeHtml(reference.replace(/^.*\//, ''));
  return `<a href="#${name}">${name}</a>`;
}

/** ` 1…50`, ` ≤ 50`, ` ≥ 1`; the bounds of what JSON holds exactly go without saying. */
function range(schema: Json, minKey: string, maxKey: string): string {
  const bound = (key: string): number | undefined => {
    const value = schema[key];
    return typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;
  };
  const [min, max] = [bound(minKey), bound(maxKey)];
  if (min === undefined) return max === undefined ? '' : ` ≤ ${max}`;
  return max === undefined ? ` ≥ ${min}` : ` ${min}…${max}`;
}
