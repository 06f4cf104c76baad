// A route as a value: one declaration from which come the validation of requests, the permission needed and
// the OpenAPI document, so that they cannot differ. Does not serve anything; see create-http-app.ts.
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Logger } from '../logger.ts';
import { requireStrict } from './require-strict.ts';
import type { RequestCause } from './request-cause.ts';
import { validateRequest } from './validate-request.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

export type ResponseDeclaration = {
  readonly description: string;
  /** The JSON that is sent; none for a status without a body and for problems. */
  readonly body?: z.ZodType;
  /** Header names and what they say. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For a 4xx or 5xx: the codes a client may find there. */
  readonly problems?: readonly string[];
  /** And what such a problem may say beyond what every problem says. */
  readonly members?: z.ZodObject;
};

/** What the shape of a request and of its answers is; `P`arams, `Q`uery, `H`eaders, `B`ody. */
export type RouteContract<P extends z.ZodObject, Q extends z.ZodObject, H extends z.ZodObject, B extends z.ZodType> = {
  readonly method: Method;
  /** Below the app's base path, as Express writes it: `/shows/:id/`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  /** Which permission a caller needs, e.g. `program:write`; `public` for none. */
  readonly permission: string;
  readonly params?: P;
  /** Made strict: an unknown parameter is a 400. Values are text; a key whose schema is an array may be repeated. */
  readonly query?: Q;
  /** By lower-case name; other headers are not looked at. */
  readonly headers?: H;
  /** A `z.strictObject`, so that a misspelt field is refused rather than lost. */
  readonly body?: B;
  readonly bodyBytesMax?: number;
  readonly responses: Readonly<Record<number, ResponseDeclaration>>;
};

/** A request whose every part has been checked. */
export type RouteRequest<P extends z.ZodObject, Q extends z.ZodObject, H extends z.ZodObject, B extends z.ZodType> = {
  readonly params: z.output<P>;
  readonly query: z.output<Q>;
  readonly headers: z.output<H>;
  readonly body: z.output<B>;
  readonly cause: RequestCause;
  /** Carries the correlation id. */
  readonly log: Logger;
  /** Aborts when the client goes away before the answer is complete. */
  readonly signal: AbortSignal;
  readonly raw: Request;
};

/** A string body is sent as it is, with the reply's `content-type`; everything else as JSON. */
export type Reply = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** What the app adds to a raw request. */
export type RequestContext = Pick<
  RouteRequest<z.ZodObject, z.ZodObject, z.ZodObject, z.ZodType>,
  'cause' | 'log' | 'signal' | 'raw'
>;

/** A declared route whose types have been used up; `serve` validates, then calls the handler. */
export type Route = RouteContract<z.ZodObject, z.ZodObject, z.ZodObject, z.ZodType> & {
  /** `stream`: the handler writes the response itself. */
  readonly kind: 'reply' | 'stream';
  /** Undefined if the handler answered by itself. */
  readonly serve: (context: RequestContext, response: Response) => Promise<Reply | undefined>;
};

type Empty = z.ZodObject<Record<never, never>>;

/** Declares a route whose handler returns its answer as a value. Throws if the declaration itself is wrong. */
export function route<
  P extends z.ZodObject = Empty,
  Q extends z.ZodObject = Empty,
  H extends z.ZodObject = Empty,
  B extends z.ZodType = z.ZodUndefined,
>(
  declaration: RouteContract<P, Q, H, B> & {
    readonly handler: (request: RouteRequest<P, Q, H, B>) => Promise<Reply> | Reply;
  },
): Route {
  const contract = requireStrict(declaration);
  return {
    ...contract,
    kind: 'reply',
    serve: async (context) => declaration.handler(await validateRequest(contract, context)),
  };
}

/**
 * Declares a route whose handler writes to the response: Server-Sent Events, downloads. What it throws before
 * the first byte becomes a problem; after that the connection is cut, which tells the client it is incomplete.
 */
export function streamRoute<
  P extends z.ZodObject = Empty,
  Q extends z.ZodObject = Empty,
  H extends z.ZodObject = Empty,
  B extends z.ZodType = z.ZodUndefined,
>(
  declaration: RouteContract<P, Q, H, B> & {
    readonly handler: (request: RouteRequest<P, Q, H, B>, response: Response) => Promise<void> | void;
  },
): Route {
  const contract = requireStrict(declaration);
  return {
    ...contract,
    kind: 'stream',
    serve: async (context, response) => {
      await declaration.handler(await validateRequest(contract, context), response);
      return undefined;
    },
  };
}
