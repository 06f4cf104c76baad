// Holds our AsyncAPI document against the schema that the AsyncAPI initiative publishes, and follows its references,
// which a schema cannot.
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import type { AsyncApiDocument } from './asyncapi-document.ts';

// 400 KB of JSON: required, not imported, so that the compiler does not make a type of it.
const officialSchema: () => object = () => createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0.json');

/** Throws Error with everything that is wrong with `document`. */
export function checkAsyncApi(document: AsyncApiDocument): void {
  // It brings its own copy of draft 7, and keywords and formats that ajv does not know, which only annotate.
  const ajv = new Ajv({ meta: false, validateSchema: false, strict: false, validateFormats: false, allErrors: true });
  const validate = ajv.compile(officialSchema());
  validate(document);
  const problems = [
    ...(validate.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath}: ${message}`),
    ...danglingReferences(document),
  ];
  if (problems.length > 0) throw new Error(`The document is not AsyncAPI 3.0.\n${problems.join('\n')}`);
}

function danglingReferences(document: object): readonly string[] {
  const targets = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g)].map(([, target = '']) => target);
  return targets.filter((target) => !leadsSomewhere(document, target)).map((target) => `${target} leads nowhere`);
}

function leadsSomewhere(document: object, target: string): boolean {
  if (!target.startsWith('#/')) return false;
  let place: unknown = document;
  for (const name of target.slice(2).split('/')) {
    if (typeof place !== 'object' || place === null || !Object.hasOwn(place, name)) return false;
    place = Reflect.get(place, name);
  }
  return true;
}
