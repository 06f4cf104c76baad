// A form for each operation of the API page: what it takes, filled with examples, and a button that sends it from the
// page itself (try-it-script.ts). Without scripts it is of no use and says so; the rest of the page is.
import { exampleOf } from './example-of.ts';
import { asJson, asJsonList, escapeHtml, type Json } from './html.ts';

export type TriedOperation = { readonly method: string; readonly path: string; readonly declaration: Json };

/** `basePath` is that of the service's API, `schemas` those of the document. */
export function renderTryIt({ method, path, declaration }: TriedOperation, basePath: string, schemas: Json): string {
  const content = asJson(asJson(declaration['requestBody'])['content']);
  const [type] = Object.keys(content).toSorted();
  const inputs = asJsonList(declaration['parameters']).map((parameter) => renderInput(parameter, schemas));
  const body = type === undefined ? '' : renderBody(type, exampleOf(asJson(content[type])['schema'], schemas));
  return `<details class="try"><summary>Try it</summary>
<form data-method="${escapeHtml(method.toUpperCase())}" data-path="${escapeHtml(`${basePath.replace(/\/$/, '')}${path}`)}">
<noscript><p>Sending needs scripts.</p></noscript>
${inputs.join('\n')}${body}<p><button>Send</button></p><pre class="answer" role="status" tabindex="0" hidden></pre></form></details>`;
}

function renderInput(parameter: Json, schemas: Json): string {
  const place = String(parameter['in']);
  const name = String(parameter['name']);
  const isRequired = parameter['required'] === true;
  // What may be absent is: filters and preconditions would only stand in the way of a first try.
  const value = isRequired ? exampleOf({ ...asJson(parameter['schema']), ...exampleIn(parameter) }, schemas) : '';
  return `<label><span>${escapeHtml(name)} <span class="dim">${escapeHtml(place)}</span></span>
<input data-in="${escapeHtml(place)}" name="${escapeHtml(name)}" value="${escapeHtml(value ?? '')}"${isRequired ? ' required' : ''}></label>`;
}

function exampleIn({ example }: Json): Json {
  return example === undefined ? {} : { example };
}

function renderBody(type: string, example: unknown): string {
  const text = JSON.stringify(example, null, 2);
  const rows = Math.min(text.split('\n').length + 1, 24);
  return `<label><span>Body <span class="dim">${escapeHtml(type)}</span></span>
<textarea name="body" data-type="${escapeHtml(type)}" rows="${rows}" spellcheck="false">${escapeHtml(text)}</textarea></label>`;
}
