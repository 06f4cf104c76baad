// The language of Longwave: what messages are called and carry, what the streams are, what REST takes and gives.
export { auditEntry, type AuditEntry } from './audit-entry.ts';
export {
  category,
  categoryInput,
  categoryMessages,
  categoryPatch,
  type Category,
  type CategoryInput,
} from './category.ts';
export { episode, episodeInput, episodeMessages, episodePatch, type Episode, type EpisodeInput } from './episode.ts';
export { media, mediaInput, mediaMessages, mediaPatch, type Media, type MediaInput } from './media.ts';
export { messageTypes } from './message-types.ts';
export {
  namespace,
  PackageCreated,
  packageDependency,
  packageId,
  packageInput,
  packageName,
  packageResource,
  PackageUpdated,
  packageVersion,
  type PackageId,
  type PackageInput,
  type PackageMessage,
  type PackageResource,
} from './package.ts';
export { pageOf } from './page.ts';
export { profile, profileInput, profileMessages, profilePatch, type Profile, type ProfileInput } from './profile.ts';
export {
  basicEntry,
  calendarEntry,
  playoutEntry,
  ProgramDateUpdated,
  ProgramMonthUpdated,
  ProgramUpcoming24hUpdated,
  ProgramUpcomingNowUpdated,
  ProgramWeekUpdated,
  type PlayoutEntry,
} from './program.ts';
export {
  RADIO_SETTINGS_ID,
  radioSettings,
  radioSettingsInput,
  radioSettingsMessages,
  radioSettingsPatch,
  type RadioSettings,
} from './radio-settings.ts';
export { RESOURCE_ID_MAX, type ResourceContract } from './resource-contract.ts';
export { resourceMessages, type ResourceChange, type ResourceMessages } from './resource-messages.ts';
export {
  schedule,
  scheduleConflict,
  scheduleDryRun,
  scheduleInput,
  scheduleMessages,
  schedulePatch,
  schedulePlanContract,
  solutionNames,
  type Schedule,
  type ScheduleConflict,
  type ScheduleInput,
} from './schedule.ts';
export { show, showInput, showMessages, showPatch, type Show, type ShowInput, type ShowPatch } from './show.ts';
export { streamNames, streamSubjects, type StreamName } from './streams.ts';
export {
  timeslot,
  timeslotInput,
  timeslotMessages,
  timeslotPatch,
  type Timeslot,
  type TimeslotInput,
} from './timeslot.ts';
