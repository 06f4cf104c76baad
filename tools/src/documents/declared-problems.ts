// Which problems the routes of a service say they answer, read off its OpenAPI document.
import { z } from 'zod';
import type { ServedApi } from './served-openapi.ts';

export type DeclaredProblem = {
  readonly code: string;
  readonly status: number;
  readonly service: string;
  /** `POST /shows/`, below the service's base path. */
  readonly route: string;
};

const document = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.object({ responses: z.record(z.string(), z.unknown()) }))),
});

/** What openapi-document.ts makes of the `problems` of a response; other responses are something else. */
const problems = z.object({
  content: z.object({
    'application/problem+json': z.object({
      schema: z.object({
        allOf: z.tuple([
          z.unknown(),
          z.object({ properties: z.object({ code: z.object({ enum: z.array(z.string()) }) }) }),
        ]),
      }),
    }),
  }),
});

export function declaredProblems(api: ServedApi): readonly DeclaredProblem[] {
  return Object.entries(document.parse(api.document).paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { responses }]) =>
      Object.entries(responses).flatMap(([status, response]) =>
        codesOf(response).map((code) => ({
          code,
          status: Number(status),
          service: api.service,
          route: `${method.toUpperCase()} ${path}`,
        })),
      ),
    ),
  );
}

function codesOf(response: unknown): readonly string[] {
  const found = problems.safeParse(response);
  return found.success ? found.data.content['application/problem+json'].schema.allOf[1].properties.code.enum : [];
}
