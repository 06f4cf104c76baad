// GET, PUT and PATCH radio-settings/: there is one, so its address needs no id.
import { RADIO_SETTINGS_ID } from '@longwave/contracts';
import { route, type Route } from '@longwave/runtime';
import { patchContent } from '../domain/content.ts';
import { changeContract, changeResource } from './change-resource.ts';
import { collectionPath, type ChangeDeps } from './collection.ts';
import { resourceAnswer, resourceReply } from './resource-reply.ts';

export function radioSettingsRoutes(deps: ChangeDeps): readonly Route[] {
  const { store } = deps;
  const { resource } = store;
  const path = collectionPath(resource);
  const read = route({
    method: 'get',
    path,
    summary: 'The settings of the station',
    tags: [resource.collection],
    permission: 'public',
    responses: {
      200: { description: 'The settings', ...resourceAnswer(resource) },
      304: { description: 'They still have the ETag of If-None-Match' },
      503: { description: 'The database is away', problems: ['database-unavailable'] },
    },
    handler: async () => resourceReply(200, store, await store.find(RADIO_SETTINGS_ID)),
  });
  const patch = route({
    ...changeContract(resource),
    path,
    method: 'patch',
    summary: 'Change the settings of the station',
    description: 'A JSON merge patch (RFC 7396). A request that changes nothing has no effect and no message.',
    body: resource.patch,
    handler: (request) => changeResource(deps, { ...request, id: RADIO_SETTINGS_ID }, patchContent),
  });
  return [read, patch];
}
