// Checks a route's declaration when it is made, so that a contract that would lose input fails at start and
// not in front of a user.
import { z } from 'zod';
import type { RouteContract } from './route.ts';

/** A route declares something that cannot be served as meant; the message says what to change. */
export class RouteDeclarationError extends Error {
  readonly code = 'route-declaration';

  constructor(route: { readonly method: string; readonly path: string }, problem: string) {
    super(`${route.method.toUpperCase()} ${route.path}: ${problem}`);
    this.name = 'RouteDeclarationError';
  }
}

/**
 * The same contract with a strict query.
 * @throws RouteDeclarationError if a body drops unknown fields, or path and `params` name different things
 */
export function requireStrict<P extends z.ZodObject, Q extends z.ZodObject, H extends z.ZodObject, B extends z.ZodType>(
  contract: RouteContract<P, Q, H, B>,
): RouteContract<P, Q, H, B> {
  if (contract.body instanceof z.ZodObject && contract.body.def.catchall === undefined) {
    throw new RouteDeclarationError(contract, 'the body drops unknown fields; make it a z.strictObject');
  }
  const inPath = new Set([...contract.path.matchAll(/[:*](\w+)/g)].map(([, name]) => name));
  const declared = new Set(Object.keys(contract.params?.shape ?? {}));
  if (inPath.symmetricDifference(declared).size > 0) {
    const [names, keys] = [inPath, declared].map((set) => [...set].join(', '));
    throw new RouteDeclarationError(contract, `the path names '${names}' and params declares '${keys}'`);
  }
  return contract;
}
