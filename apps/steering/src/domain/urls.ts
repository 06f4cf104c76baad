// The addresses of things as clients know them. They start with the configured public address, never with what a
// request says in its Host header: they go into messages, and whoever follows one must arrive at us.
import { RADIO_SETTINGS_ID, type PackageId } from '@longwave/contracts';
import type { Resource } from './resource.ts';

export const BASE_PATH = '/steering/api/v1';

export type Urls = {
  resource(resource: Pick<Resource, 'collection' | 'table'>, id: number): string;
  package(id: PackageId): string;
};

/** `publicUrl` is asked each time, because a service on a port of the system's choice knows it only when it listens. */
export function createUrls(publicUrl: () => string): Urls {
  const at = (path: string): string => `${publicUrl()}${BASE_PATH}${path}`;
  return {
    // There is one of the settings, and its address says so.
    resource: ({ collection, table }, id) =>
      at(table === 'radioSettings' && id === RADIO_SETTINGS_ID ? `/${collection}/` : `/${collection}/${id}/`),
    package: ({ name, version }) => at(`/packages/${encodeURIComponent(name)}/${encodeURIComponent(version)}`),
  };
}
