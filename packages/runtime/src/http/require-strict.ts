// Checks a route's declaration when it is made, so that a contract that would lose input (Q2) fails at start and
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
  const inPath = [...contract.path.matchAll(/[:*](\w+)/g)].map(([, name]) => String(name));
  const declared = Object.keys(contract.params?.shape ?? {});
  if (inPath.length !== declared.length || !inPath.every((name) => declared.includes(name))) {
    throw new RouteDeclarationError(
      contract,
      `the path names '${inPath.join()}' and params declares '${declared.join()}'`,
    );
  }
  // Made here, once: a zod schema is a hundred times dearer to build than to use.
  if (contract.query === undefined) return contract;
  // The same type: `strict` changes what is refused, not what comes out.
  return { ...contract, query: contract.query.strict() as z.ZodType as Q };
}
