// PUT shows/{id}/
import { showInput } from '@longwave/contracts';
import { route, type Route } from '@longwave/runtime';
import { replaceShow as replaced } from '../domain/show.ts';
import { changeShow, changeShowContract, type ChangeShowDeps } from './change-show.ts';

export function replaceShow(deps: ChangeShowDeps): Route {
  return route({
    ...changeShowContract,
    method: 'put',
    summary: 'Replace a show',
    description:
      'Everything that is absent gets its default, except the slug, which then stays. ' +
      'A replacement that changes nothing has no effect and no message.',
    body: showInput,
    handler: (request) => changeShow(deps, request, (current) => replaced(current, request.body)),
  });
}
