// The parsing algorithm of Server-Sent Events, written from the standard (WHATWG HTML, 9.2.6) line by line, so that
// the wire is not only judged by libraries. Not fast.

export type Dispatched = { readonly type: string; readonly data: string; readonly lastEventId: string };

export function parseByTheStandard(bytes: Buffer): { readonly events: readonly Dispatched[]; readonly id: string } {
  // "Decoded using UTF-8 decode": a BOM at the start is dropped, what is malformed is replaced.
  const text = new TextDecoder('utf-8').decode(bytes);
  const events: Dispatched[] = [];
  let [idBuffer, id, type, data] = ['', '', '', ''];
  const lines = text.split(/\r\n|\n|\r/);
  lines.pop(); // What has no line end is never processed.
  for (const line of lines) {
    if (line === '') {
      id = idBuffer;
      if (data !== '') events.push({ type: type || 'message', data: data.slice(0, -1), lastEventId: id });
      [type, data] = ['', ''];
      continue;
    }
    if (line.startsWith(':')) continue;
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const rest = colon === -1 ? '' : line.slice(colon + 1);
    const value = rest.startsWith(' ') ? rest.slice(1) : rest;
    if (field === 'event') type = value;
    else if (field === 'data') data += `${value}\n`;
    else if (field === 'id' && !value.includes('\0')) idBuffer = value;
  }
  return { events, id };
}
