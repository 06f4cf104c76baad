// Every route of steering; the order is that of the API page.
import type { Route } from '@longwave/runtime';
import { createShow, type CreateShowDeps } from './create-show.ts';
import { deleteShow } from './delete-show.ts';
import { listPackages } from './list-packages.ts';
import { listShows } from './list-shows.ts';
import { patchShow } from './patch-show.ts';
import { putPackage, type PutPackageDeps } from './put-package.ts';
import { readPackage } from './read-package.ts';
import { readShow } from './read-show.ts';
import { replaceShow } from './replace-show.ts';

export function steeringRoutes(deps: CreateShowDeps & PutPackageDeps): readonly Route[] {
  return [
    listShows(deps),
    createShow(deps),
    readShow(deps),
    replaceShow(deps),
    patchShow(deps),
    deleteShow(deps),
    listPackages(deps),
    readPackage(deps),
    putPackage(deps),
  ];
}
