// GET /openapi.json: what clients generate their code from must be what is served.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { packageResource, show, showInput } from '@longwave/contracts';
import { z } from 'zod';
import { startStation, type Station } from './support/station.ts';

type Operation = {
  readonly operationId: string;
  readonly summary: string;
  readonly 'x-permission': string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly headers?: object }>>;
};
type Schema = Readonly<Record<string, unknown>>;
type Document = {
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};

let station: Station;
let document: Document;
beforeAll(async () => {
  station = await startStation();
  const answer = await fetch(`${station.service.address}/openapi.json`);
  // Its shape is what this file is about.
  document = (await answer.json()) as Document;
});
afterAll(async () => station.close());

test('it names every operation once, with what it needs', () => {
  expect(document.servers).toEqual([{ url: '/steering/api/v1' }]);
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => `${method} ${path} ${operation['x-permission']}`),
  );
  const collections = ['shows', 'schedules', 'episodes', 'media', 'profiles', 'categories'].flatMap((collection) => [
    `get /${collection}/ public`,
    `post /${collection}/ program:write`,
    `get /${collection}/{id}/ public`,
    `put /${collection}/{id}/ program:write`,
    `patch /${collection}/{id}/ program:write`,
    `delete /${collection}/{id}/ program:write`,
  ]);
  const others = [
    'delete /timeslots/{id}/ program:write',
    'get /program/basic/ public',
    'get /program/calendar/ public',
    'get /program/playout/ public',
    'get /timeslots/ public',
    'get /timeslots/{id}/ public',
    'patch /timeslots/{id}/ program:write',
    'put /timeslots/{id}/ program:write',
    'get /packages/ fleet:read',
    'get /packages/{name}/{version} fleet:read',
    'get /radio-settings/ public',
    'patch /radio-settings/ program:write',
    'put /packages/{name}/{version} fleet:write',
  ];
  expect(operations.toSorted()).toEqual([...collections, ...others].toSorted());
});

test('the headers that make changes safe are described where they count', () => {
  const headersOf = (path: string, method: string): string[] =>
    (document.paths[path]?.[method]?.parameters ?? []).flatMap((parameter) =>
      parameter.in === 'header' && parameter.required !== true ? [parameter.name] : [],
    );
  expect(headersOf('/shows/', 'post')).toEqual(['idempotency-key']);
  for (const method of ['put', 'patch', 'delete']) expect(headersOf('/shows/{id}/', method)).toEqual(['if-match']);
  expect(headersOf('/packages/{name}/{version}', 'put')).toEqual(['x-namespace', 'if-match', 'if-none-match']);
  expect(Object.keys(document.paths['/shows/']?.['post']?.responses['201']?.headers ?? {})).toEqual([
    'etag',
    'location',
    'idempotency-replayed',
  ]);
});

test('a query is described by what a client writes', () => {
  const parameters = document.paths['/shows/']?.['get']?.parameters ?? [];
  const schemas = Object.fromEntries(parameters.map(({ name, schema }) => [name, schema]));
  expect(Object.keys(schemas)).toEqual([
    'isActive',
    'isPublic',
    'slug',
    'categoryId',
    'hostId',
    'predecessorId',
    'q',
    'ids',
    'order',
    'limit',
    'cursor',
  ]);
  expect(schemas['limit']).toMatchObject({ type: 'integer', minimum: 1, maximum: 200, default: 50 });
  expect(schemas['ids']).toMatchObject({ type: 'string' });
  expect(schemas['isActive']).toMatchObject({ type: 'boolean' });
  expect(schemas['order']).toMatchObject({ default: 'id', enum: expect.arrayContaining(['-updatedAt']) });
  expect(parameters.filter(({ required }) => required === true)).toEqual([]);
});

test('the bodies are named, and their examples are acceptable', async () => {
  const { schemas } = document.components;
  expect(Object.keys(schemas)).toEqual(
    expect.arrayContaining(['Show', 'ShowInput', 'ShowPatch', 'Package', 'PackageInput']),
  );
  expect(show.safeParse(schemas['Show']?.['example']).success).toBe(true);
  expect(packageResource.safeParse(schemas['Package']?.['example']).success).toBe(true);
  const properties = z
    .record(z.string(), z.record(z.string(), z.unknown()))
    .parse(schemas['ShowInput']?.['properties']);
  const example = Object.fromEntries(
    Object.entries(properties).flatMap(([name, schema]) => ('example' in schema ? [[name, schema['example']]] : [])),
  );
  expect(showInput.safeParse(example).success).toBe(true);
  expect((await station.call('POST', '/shows/', example)).status).toBe(201);
});

test('whatever is answered is described', async () => {
  const made = await station.call('POST', '/shows/', { name: 'Described' });
  const path = `/shows/${String(made.body['id'])}/`;
  const seen = [
    ['post', '/shows/', made.status],
    ['post', '/shows/', (await station.call('POST', '/shows/', {})).status],
    ['post', '/shows/', (await station.call('POST', '/shows/', { name: 'x', slug: 'described' })).status],
    ['get', '/shows/{id}/', (await station.get(path, { 'if-none-match': made.etag })).status],
    ['get', '/shows/{id}/', (await station.get('/shows/9999/')).status],
    ['patch', '/shows/{id}/', (await station.call('PATCH', path, {}, { 'if-match': '"9"' })).status],
    ['delete', '/shows/{id}/', (await station.call('DELETE', path)).status],
    ['put', '/packages/{name}/{version}', (await station.call('PUT', '/packages/a/1.0.0', {})).status],
    ['put', '/packages/{name}/{version}', (await station.call('PUT', '/packages/a/1.0.0', {})).status],
  ] as const;
  for (const [method, template, status] of seen) {
    expect(Object.keys(document.paths[template]?.[method]?.responses ?? {})).toContain(String(status));
  }
});
