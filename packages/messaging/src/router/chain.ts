// Middlewares put in a row, without the types that each of them has: those were checked when it was added.
import type { Arrived, Middleware, RouteContext } from './middleware.ts';

/** A middleware of which nobody knows any more what it needs. */
type Link<What extends Arrived> = (
  arrived: What,
  context: never,
  next: (adds: object) => Promise<unknown>,
) => ReturnType<Middleware>;

/** The first is outermost. (S1) */
export type Chain<What extends Arrived> = readonly Link<What>[];

/** Runs `handle` behind `chain`. Rejects with whatever is thrown, as it was thrown (S3). */
export function runChain<What extends Arrived>(
  chain: Chain<What>,
  arrived: What,
  context: RouteContext,
  handle: (context: RouteContext) => unknown,
): Promise<unknown> {
  const from = async (index: number, current: RouteContext): Promise<unknown> => {
    const middleware = chain[index];
    if (middleware === undefined) return handle(current);
    // Its pipeline has let the compiler check that those before it add what it needs. (S2)
    return middleware(arrived, current as never, (adds) => from(index + 1, { ...current, ...adds }));
  };
  return from(0, context);
}
