// A page that shows a service's OpenAPI document to people, and lets them try it: HTML rendered here, one small script,
// nothing from elsewhere (D2). Scalar's bundle was considered: 3.6 MB, and it asks fonts.scalar.com and api.scalar.com,
// which a station's closed network cannot reach and should not have to.
import { createHash } from 'node:crypto';
import { apiPageStyle } from './api-page-style.ts';
import { asJson, asJsonList, escapeHtml } from './html.ts';
import type { Json } from './html.ts';
import type { OpenApiDocument } from './openapi-document.ts';
import { schemaNotation } from './schema-notation.ts';
import { renderTryIt } from './try-it-form.ts';
import { tryItScript } from './try-it-script.ts';

export type ApiPage = { readonly html: string; readonly contentSecurityPolicy: string };

type Operation = { readonly method: string; readonly path: string; readonly declaration: Json };

export function renderApiPage(document: OpenApiDocument): ApiPage {
  const policy = [
    `default-src 'none'`,
    `style-src '${hashOf(apiPageStyle)}'`,
    `script-src '${hashOf(tryItScript)}'`,
    // Requests are tried on this service only.
    `connect-src 'self'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ];
  return { html: renderPage(document), contentSecurityPolicy: policy.join('; ') };
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function renderPage(document: OpenApiDocument): string {
  const { info } = document;
  const title = escapeHtml(`${info.title} API ${info.version}`);
  const groups = [...Map.groupBy(operationsOf(document), ({ declaration }) => tagOf(declaration))];
  const schemas = document.components?.schemas ?? {};
  const basePath = document.servers?.[0]?.url ?? '/';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${apiPageStyle}</style></head>
<body><header><h1>${title}</h1><p>${escapeHtml(info.description ?? '')}</p>
<p class="dim">Base path <code>${escapeHtml(basePath)}</code> ·
<a href="openapi.json">openapi.json</a></p></header>
<main>${groups.map(([tag, operations]) => renderGroup(tag, operations, basePath, schemas)).join('\n')}
<h2>Schemas</h2>${Object.entries(schemas)
    .map(([name, schema]) => renderNamedSchema(name, schema))
    .join('\n')}</main><script>${tryItScript}</script></body></html>
`;
}

function operationsOf(document: OpenApiDocument): readonly Operation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item).map(([method, declaration]) => ({ method, path, declaration: asJson(declaration) })),
  );
}

function tagOf({ tags }: Json): string {
  return Array.isArray(tags) ? String(tags[0]) : 'Operations';
}

function renderGroup(tag: string, operations: readonly Operation[], basePath: string, schemas: Json): string {
  const rendered = operations.map((operation) => renderOperation(operation, renderTryIt(operation, basePath, schemas)));
  return `<h2>${escapeHtml(tag)}</h2>${rendered.join('\n')}`;
}

function renderOperation({ method, path, declaration }: Operation, tryIt: string): string {
  const { summary, description = '', parameters, requestBody, responses } = declaration;
  return `<details><summary><span class="method">${escapeHtml(method.toUpperCase())}</span>
<code>${escapeHtml(path)}</code> <span class="dim">${escapeHtml(summary)}</span></summary><div>
<p>${escapeHtml(description)}</p><p class="dim">Permission <code>${escapeHtml(declaration['x-permission'])}</code></p>
${renderTable('Parameters', ['Name', 'In', 'Type', 'Meaning'], asJsonList(parameters).map(parameterRow))}
${renderBody(asJson(asJson(requestBody)['content']))}
${renderTable('Responses', ['Status', 'Meaning', 'Body'], Object.entries(asJson(responses)).map(responseRow))}
${tryIt}</div></details>`;
}

function parameterRow(parameter: Json): readonly string[] {
  const { name, schema, description = asJson(schema)['description'] ?? '' } = parameter;
  const required = parameter['required'] === true ? ' <span class="dim">required</span>' : '';
  const type = `<code>${schemaNotation(schema)}</code>`;
  return [`<code>${escapeHtml(name)}</code>${required}`, escapeHtml(parameter['in']), type, escapeHtml(description)];
}

function responseRow([status, response]: [string, unknown]): readonly string[] {
  const { description, content } = asJson(response);
  const bodies = Object.values(asJson(content)).map((media) => renderSchema(asJson(media)['schema']));
  return [`<code>${escapeHtml(status)}</code>`, escapeHtml(description), bodies.join('')];
}

function renderBody(content: Json): string {
  const [media] = Object.values(content);
  if (media === undefined) return '';
  const types = Object.keys(content).map(escapeHtml).join(', ');
  return `<h3>Body <span class="dim">${types}</span></h3>${renderSchema(asJson(media)['schema'])}`;
}

function renderNamedSchema(name: string, schema: unknown): string {
  const id = escapeHtml(name);
  return `<section id="${id}"><h3><code>${id}</code></h3>
<p>${escapeHtml(asJson(schema)['description'] ?? '')}</p>${renderSchema(schema)}</section>`;
}

function renderTable(caption: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const head = heads.map((text) => `<th scope="col">${text}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('');
  return `<table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

const renderSchema = (schema: unknown): string => `<pre>${schemaNotation(schema)}</pre>`;
