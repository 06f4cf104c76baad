// What the API page does when somebody presses Send. Runs in a browser and is sent as it stands, so it is text here; its
// hash is in the page's Content-Security-Policy, which lets it reach the page's own origin and nothing else.
// An answer that does not end (an event stream) is shown as it comes, and stopped by the same button.

export const tryItScript = `
const LENGTH_MAX = 200000;

function requestOf(form) {
  const headers = {};
  const query = new URLSearchParams();
  let path = form.dataset.path;
  for (const input of form.querySelectorAll('input')) {
    if (input.value === '') continue;
    if (input.dataset.in === 'path') path = path.replace('{' + input.name + '}', encodeURIComponent(input.value));
    if (input.dataset.in === 'query') query.append(input.name, input.value);
    if (input.dataset.in === 'header') headers[input.name] = input.value;
  }
  const body = form.querySelector('textarea');
  if (body) headers['content-type'] = body.dataset.type;
  const url = query.size === 0 ? path : path + '?' + query;
  return { url, init: { method: form.dataset.method, headers, body: body ? body.value : undefined, cache: 'no-store' } };
}

function readable(text, type) {
  if (!type.includes('json')) return text;
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}

async function send(form, answer, signal) {
  const { url, init } = requestOf(form);
  answer.textContent = init.method + ' ' + url + '\\n…';
  const started = performance.now();
  const response = await fetch(url, { ...init, signal });
  const ms = Math.round(performance.now() - started);
  const lines = [...response.headers].map(([name, value]) => name + ': ' + value);
  const head = [init.method + ' ' + url, response.status + ' ' + response.statusText + ' · ' + ms + ' ms', ...lines, '', ''];
  const type = response.headers.get('content-type') ?? '';
  let text = '';
  answer.textContent = head.join('\\n');
  if (response.body === null) return;
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    answer.textContent = head.join('\\n') + text.slice(0, LENGTH_MAX);
  }
  answer.textContent = head.join('\\n') + readable(text, type).slice(0, LENGTH_MAX);
}

for (const form of document.querySelectorAll('.try form')) {
  const answer = form.querySelector('.answer');
  const button = form.querySelector('button');
  let running;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (running) return running.abort();
    running = new AbortController();
    button.textContent = 'Stop';
    answer.hidden = false;
    try {
      await send(form, answer, running.signal);
    } catch (error) {
      answer.textContent += error.name === 'AbortError' ? '\\nStopped.' : '\\nNo answer: ' + error.message;
    } finally {
      running = undefined;
      button.textContent = 'Send';
    }
  });
}
`;
