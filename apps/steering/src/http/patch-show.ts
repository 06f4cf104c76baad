// PATCH shows/{id}/
import { showPatch } from '@longwave/contracts';
import { route, type Route } from '@longwave/runtime';
import { patchShow as patched } from '../domain/show.ts';
import { changeShow, changeShowContract, type ChangeShowDeps } from './change-show.ts';

export function patchShow(deps: ChangeShowDeps): Route {
  return route({
    ...changeShowContract,
    method: 'patch',
    summary: 'Change a show',
    description: 'A JSON merge patch (RFC 7396). A patch that changes nothing has no effect and no message.',
    body: showPatch,
    handler: (request) => changeShow(deps, request, (current) => patched(current, request.body)),
  });
}
