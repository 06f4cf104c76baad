// The address of the page after this one: the same request with another cursor.

/** Path and query. */
export function nextPage(originalUrl: string, cursor: string): string {
  const [path = '', query = ''] = originalUrl.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set('cursor', cursor);
  return `${path}?${parameters.toString()}`;
}
