// Every route of steering; the order is that of the API page.
import type { Route } from '@longwave/runtime';
import { replaceResource, patchResource } from './change-resource.ts';
import { patchSchedule, replaceSchedule } from './change-schedule.ts';
import type { ChangeDeps, CollectionDeps } from './collection.ts';
import { createSchedule } from './create-schedule.ts';
import { deleteSchedule } from './delete-schedule.ts';
import { programRoutes, type ReadProgramDeps } from './read-program.ts';
import type { ScheduleDeps } from './schedule-reply.ts';
import { createResource } from './create-resource.ts';
import { deleteResource } from './delete-resource.ts';
import { listPackages } from './list-packages.ts';
import { listResources } from './list-resources.ts';
import { putPackage, type PutPackageDeps } from './put-package.ts';
import { radioSettingsRoutes } from './radio-settings-routes.ts';
import { readPackage } from './read-package.ts';
import { readResource } from './read-resource.ts';

export type RoutesDeps = Omit<ScheduleDeps, 'store'> & PutPackageDeps & ReadProgramDeps;

export function steeringRoutes({ stores, ...deps }: RoutesDeps): readonly Route[] {
  return [
    ...radioSettingsRoutes({ ...deps, store: stores.radioSettings }),
    ...collectionRoutes({ ...deps, store: stores.show }),
    ...scheduleRoutes({ ...deps, store: stores.schedule }),
    ...timeslotRoutes({ ...deps, store: stores.timeslot }),
    ...programRoutes({ ...deps, stores }),
    ...collectionRoutes({ ...deps, store: stores.episode }),
    ...collectionRoutes({ ...deps, store: stores.media }),
    ...collectionRoutes({ ...deps, store: stores.profile }),
    ...collectionRoutes({ ...deps, store: stores.category }),
    listPackages(deps),
    readPackage(deps),
    putPackage(deps),
  ];
}

function collectionRoutes(deps: CollectionDeps): readonly Route[] {
  return [
    listResources(deps),
    createResource(deps),
    readResource(deps),
    replaceResource(deps),
    patchResource(deps),
    deleteResource(deps),
  ];
}

function scheduleRoutes(deps: ScheduleDeps): readonly Route[] {
  return [
    listResources(deps),
    createSchedule(deps),
    readResource(deps),
    replaceSchedule(deps),
    patchSchedule(deps),
    deleteSchedule(deps),
  ];
}

/** They are made with their schedules. */
function timeslotRoutes(deps: ChangeDeps): readonly Route[] {
  return [listResources(deps), readResource(deps), replaceResource(deps), patchResource(deps), deleteResource(deps)];
}
