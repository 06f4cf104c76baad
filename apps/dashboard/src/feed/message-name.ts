// Which message type a subject belongs to. The feed does not say, and the contracts themselves would bring zod into
// the page, so the subjects stand here once more; a test compares them with the contracts.

const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^resource\.[^.]+\.[^.]+\.[^.]+\.created$/, 'ResourceCreated'],
  [/^resource\.[^.]+\.[^.]+\.[^.]+\.updated$/, 'ResourceUpdated'],
  [/^resource\.[^.]+\.[^.]+\.[^.]+\.deleted$/, 'ResourceDeleted'],
  [/^program\.planned\.date\.[^.]+\.updated$/, 'ProgramDateUpdated'],
  [/^program\.planned\.week\.[^.]+\.updated$/, 'ProgramWeekUpdated'],
  [/^program\.planned\.month\.[^.]+\.updated$/, 'ProgramMonthUpdated'],
  [/^program\.planned\.upcoming\.[^.]+\.updated$/, 'ProgramUpcomingUpdated'],
  [/^longwave\.v1\.events\.steering\.package\.lifecycle\.created\./, 'PackageCreated'],
  [/^longwave\.v1\.events\.steering\.package\.lifecycle\.updated\./, 'PackageUpdated'],
  [/^longwave\.v1\.events\.steering\.package\.lifecycle\.blacklisted\./, 'PackageBlacklisted'],
  [/^longwave\.v1\.events\.steering\.package\.lifecycle\.whitelisted\./, 'PackageWhitelisted'],
  [/^longwave\.v1\.events\.steering\.package\.storage\.usage\./, 'PackageStorageUsage'],
  [/^longwave\.v1\.events\.steering\.image\.storage\.usage\./, 'ImageStorageUsage'],
  [/^longwave\.v1\.events\.steering\.device\.connectivity\.seen\./, 'DeviceSeen'],
  [/^longwave\.v1\.events\.steering\.device\.lifecycle\.created\./, 'DeviceCreated'],
  [/^longwave\.v1\.events\.steering\.device\.lifecycle\.activated\./, 'DeviceActivated'],
  [/^longwave\.v1\.events\.steering\.update\.status\./, 'UpdateSpec'],
];

/** The name of the type, e.g. `DeviceSeen`; null for a subject that no contract describes. */
export function messageNameOf(subject: string): string | null {
  return NAMES.find(([pattern]) => pattern.test(subject))?.[1] ?? null;
}
