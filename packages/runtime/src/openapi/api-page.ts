// A page that shows a service's OpenAPI document to people: static HTML rendered here, no script, no download.
// Scalar's bundle was considered: 3.6 MB, and it asks fonts.scalar.com and api.scalar.com, which a station's
// closed network cannot reach and should not have to. Trying requests out is left to tools that read
// /openapi.json.
import { createHash } from 'node:crypto';
import type { OpenApiDocument } from './openapi-document.ts';
import { apiPageStyle } from './api-page-style.ts';

export type ApiPage = { readonly html: string; readonly contentSecurityPolicy: string };

type Json = { readonly [name: string]: unknown };

export function renderApiPage(document: OpenApiDocument): ApiPage {
  const styleHash = createHash('sha256').update(apiPageStyle).digest('base64');
  return {
    html: page(document),
    contentSecurityPolicy: `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; frame-ancestors 'none'`,
  };
}

function page(document: OpenApiDocument): string {
  const { info } = document;
  const title = escape(`${info.title} API ${info.version}`);
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => renderOperation(method, path, asJson(operation))),
  );
  const schemas = Object.entries(document.components?.schemas ?? {}).map(
    ([name, schema]) =>
      `<details id="${escape(name)}"><summary><code>${escape(name)}</code></summary><div>${renderSchema(schema)}</div></details>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${apiPageStyle}</style></head>
<body><main><h1>${title}</h1><p>${escape(info.description ?? '')}</p>
<p class="dim">Base path <code>${escape(document.servers?.[0]?.url ?? '/')}</code> · <a href="openapi.json">openapi.json</a></p>
<h2>Operations</h2>${operations.join('\n')}
<h2>Schemas</h2>${schemas.join('\n')}</main></body></html>
`;
}

function renderOperation(method: string, path: string, operation: Json): string {
  const parameters = asList(operation['parameters']);
  const body = asJson(asJson(operation['requestBody'])['content']);
  return `<details><summary><span class="method">${escape(method.toUpperCase())}</span> <code>${escape(path)}</code>
<span class="dim">${escape(operation['summary'])}</span></summary><div>
<p>${escape(operation['description'] ?? '')}</p><p class="dim">Permission <code>${escape(operation['x-permission'])}</code></p>
${parameters.length === 0 ? '' : renderTable('Parameters', ['name', 'in', 'schema', 'description'], parameters.map(parameterRow))}
${renderContent('Body', body)}
${renderTable('Responses', ['status', 'meaning', 'body'], Object.entries(asJson(operation['responses'])).map(responseRow))}
</div></details>`;
}

function parameterRow(parameter: Json): readonly string[] {
  const name = `<code>${escape(parameter['name'])}</code>${parameter['required'] === true ? ' <b>required</b>' : ''}`;
  const { description, ...schema } = asJson(parameter['schema']);
  return [name, escape(parameter['in']), renderInline(schema), escape(parameter['description'] ?? description ?? '')];
}

function responseRow([status, response]: [string, unknown]): readonly string[] {
  const { description, content } = asJson(response);
  const bodies = Object.values(asJson(content)).map((media) => renderInline(asJson(media)['schema']));
  return [`<code>${escape(status)}</code>`, escape(description), bodies.join('<br>')];
}

function renderContent(title: string, content: Json): string {
  const [media] = Object.values(content);
  if (media === undefined) return '';
  const types = Object.keys(content).map(escape).join(', ');
  return `<h3>${title} <span class="dim">${types}</span></h3>${renderSchema(asJson(media)['schema'])}`;
}

function renderTable(caption: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = heads.map((text) => `<th scope="col">${text}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('');
  return `<table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

const renderSchema = (schema: unknown): string =>
  `<pre>${linkReferences(escape(JSON.stringify(schema, null, 2)))}</pre>`;

const renderInline = (schema: unknown): string => `<code>${linkReferences(escape(JSON.stringify(schema)))}</code>`;

const linkReferences = (escaped: string): string =>
  escaped.replaceAll(/#\/components\/schemas\/([\w.-]+)/g, '<a href="#$1">$1</a>');

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escape = (text: unknown): string => String(text).replaceAll(/[&<>"]/g, (character) => entities[character] ?? '');

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** The document is JSON of a known shape; what is absent reads as an empty object. */
const asJson = (value: unknown): Json => (isJson(value) ? value : {});

const asList = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isJson) : []);
