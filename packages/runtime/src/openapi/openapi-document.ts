// The OpenAPI 3.1 document of a service, made from the same routes that serve it (D1).
import { z } from 'zod';
import { createDocument } from 'zod-openapi';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { acceptedTypes } from '../http/json-body.ts';
import type { ResponseDeclaration, Route } from '../http/route.ts';

export type OpenApiDocument = ReturnType<typeof createDocument>;

export type OpenApiOptions = {
  readonly service: { readonly name: string; readonly version: string; readonly description: string };
  readonly basePath: string;
  readonly routes: readonly Route[];
};

export function createOpenApiDocument({ service, basePath, routes }: OpenApiOptions): OpenApiDocument {
  return createDocument({
    openapi: '3.1.1',
    info: { title: service.name, version: service.version, description: service.description },
    // Relative: the address a client used is the only one known to be right for it.
    servers: [{ url: basePath }],
    paths: pathsOf(routes),
  });
}

function pathsOf(routes: readonly Route[]): ZodOpenApiPathsObject {
  const byPath = Map.groupBy(routes, ({ path }) => path.replaceAll(/:(\w+)/g, '{$1}'));
  return Object.fromEntries(
    [...byPath].map(([path, sharing]) => [
      path,
      Object.fromEntries(sharing.map((route) => [route.method, operationOf(route)])),
    ]),
  );
}

function operationOf(route: Route): ZodOpenApiOperationObject {
  const { params, query, headers } = route;
  return {
    operationId: operationIdOf(route),
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    ...(route.tags === undefined ? {} : { tags: [...route.tags] }),
    'x-permission': route.permission,
    requestParams: {
      ...(params === undefined ? {} : { path: params }),
      ...(query === undefined ? {} : { query }),
      ...(headers === undefined ? {} : { header: headers }),
    },
    ...requestBodyOf(route),
    responses: responsesOf(route),
  };
}

/** `GET /shows/:id/episodes/` → `getShowsByIdEpisodes` */
function operationIdOf({ method, path }: Route): string {
  const words = path
    .split(/[/-]/)
    .map((part) => part.replace(/^[:*]/, 'by-'))
    .join('-')
    .split('-')
    .filter((word) => word !== '');
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function requestBodyOf({ body, method }: Route): Pick<ZodOpenApiOperationObject, 'requestBody'> {
  if (body === undefined) return {};
  const content = Object.fromEntries(acceptedTypes(method).map((type) => [type, { schema: body }]));
  return { requestBody: { required: !body.safeParse(undefined).success, content } };
}

function responsesOf(route: Route): ZodOpenApiResponsesObject {
  const declared = Object.entries(route.responses).map(([status, response]) => [
    status,
    responseOf(Number(status), response),
  ]);
  const fallback = { description: 'Any other problem', content: problemContent(problemSchema) };
  return { ...Object.fromEntries(declared), default: fallback };
}

function responseOf(status: number, response: ResponseDeclaration) {
  const headers = Object.entries(response.headers ?? {}).map(([name, description]) => [
    name,
    { description, schema: { type: 'string' as const } },
  ]);
  return {
    description: response.description,
    ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) }),
    ...contentOf(status, response),
  };
}

function contentOf(status: number, { body, problems, members }: ResponseDeclaration) {
  if (body !== undefined) return { content: { 'application/json': { schema: body } } };
  if (status < 400) return {};
  const [first, ...others] = problems ?? [];
  return {
    content: problemContent(
      first === undefined
        ? problemSchema
        : problemSchema.and(z.looseObject({ code: z.enum([first, ...others]), ...members?.shape })),
    ),
  };
}

const problemContent = (schema: z.ZodType) => ({ 'application/problem+json': { schema } });

const problemSchema = z
  .looseObject({
    type: z.string().meta({ example: '/problems/invalid-body' }),
    title: z.string(),
    status: z.int().min(400).max(599),
    code: z.string(),
    detail: z.string().optional(),
    instance: z.string().meta({ description: 'The id of this occurrence; it finds the line in our log' }),
    errors: z
      .array(
        z.object({
          pointer: z.string().optional(),
          parameter: z.string().optional(),
          header: z.string().optional(),
          code: z.string(),
          detail: z.string(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem', description: 'What went wrong, as RFC 9457 problem details' });
