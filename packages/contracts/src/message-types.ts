// Every message type there is: what documents are generated from and what a stranger can look up.
import type { EventType } from '@longwave/messaging/contract';
import { PackageCreated, PackageUpdated } from './package.ts';
import { showMessages } from './show.ts';

export const messageTypes: readonly EventType<unknown>[] = [
  showMessages.created,
  showMessages.updated,
  showMessages.deleted,
  PackageCreated,
  PackageUpdated,
];
