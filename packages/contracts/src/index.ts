// The language of Longwave: what messages are called and carry, what the streams are, what REST takes and gives.
export { auditEntry, type AuditEntry } from './audit-entry.ts';
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
export { resourceMessages, type ResourceChange, type ResourceMessages } from './resource-messages.ts';
export { show, showInput, showMessages, showPatch, type Show, type ShowInput, type ShowPatch } from './show.ts';
export { streamNames, streamSubjects, type StreamName } from './streams.ts';
