// The address of the page after this one: the same request with another cursor.
import { BASE_PATH } from '../domain/urls.ts';

/** Path and query; what is undefined is left out. */
export function nextPage(
  path: string,
  query: Readonly<Record<string, string | number | boolean | undefined>>,
  cursor: string,
): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, cursor })) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return `${BASE_PATH}${path}?${parameters.toString()}`;
}
