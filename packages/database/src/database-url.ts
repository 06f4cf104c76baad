// Reading and changing the database name inside a postgres:// URL.
// Everything else in the URL (credentials, TLS, options) is kept as it was given.

/** The name in the URL's path, decoded. Throws a TypeError when the URL names no database. */
export function databaseName(url: string): string {
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  if (name === '') throw new TypeError('the database URL has no database name: write postgres://host:port/name');
  return name;
}

/** The same server and credentials, another database. */
export function withDatabaseName(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(name)}`;
  return changed.href;
}
