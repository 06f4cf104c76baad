// What JSON carries as it is. `JSON.stringify` makes something of nearly everything else, too: text of a date, null of NaN,
// `{}` of a map. The sender would never learn of it, and each reader's schema would refuse the message (C2).

/** Returns `value`. Throws TypeError, which says where, for anything in it that JSON has no value for. */
export function asJsonValue(value: unknown): unknown {
  const misfit = value === undefined ? null : misfitIn(value);
  if (misfit === null) return value;
  const where = misfit.path.length === 0 ? 'it' : misfit.path.join('.');
  throw new TypeError(`${where} is ${misfit.what}, which JSON does not have; give it a codec in the schema`);
}

type Misfit = { readonly path: readonly (string | number)[]; readonly what: string };

function misfitIn(value: unknown): Misfit | null {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null || Number.isFinite(value)) return null;
  if (Array.isArray(value)) return misfitInItems(value);
  return isPlain(value) ? misfitInFields(value) : { path: [], what: nameOf(value) };
}

function misfitInItems(items: readonly unknown[]): Misfit | null {
  // By index: what a sparse array lacks would become null.
  for (let index = 0; index < items.length; index += 1) {
    const misfit = misfitIn(items[index]);
    if (misfit !== null) return { ...misfit, path: [index, ...misfit.path] };
  }
  return null;
}

/** A field that is undefined is one that is not there. */
function misfitInFields(fields: Readonly<Record<string, unknown>>): Misfit | null {
  for (const name of Object.keys(fields)) {
    const misfit = fields[name] === undefined ? null : misfitIn(fields[name]);
    if (misfit !== null) return { ...misfit, path: [name, ...misfit.path] };
  }
  return null;
}

/** Of whatever realm: a class has a prototype between its objects and the last one. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function nameOf(value: unknown): string {
  if (typeof value === 'number' || value === undefined) return String(value);
  return typeof value === 'object' && value !== null ? `a ${value.constructor.name}` : `a ${typeof value}`;
}
