// A message of the fleet becomes a change of the resolver's own table, exactly once. What cannot be applied ever is
// rejected at once; what cannot be applied now waits for the database, and nothing becomes a dead letter for that.
import { Reject, Unavailable, type Handler } from '@longwave/messaging';
import { PackagesUnavailableError, type PackageStore } from '../domain/package-store.ts';
import { readPackageTelling, UnusableMessageError } from '../domain/package-telling.ts';

/** `consumer` names the inbox: the same for all replicas. */
export function handlePackageMessage(packages: PackageStore, consumer: string): Handler {
  return async (message, { log }) => {
    try {
      const arrival = await packages.apply(consumer, message, readPackageTelling(message));
      if (arrival !== 'new') log.info({ messageId: message.id, arrival }, 'message changes nothing');
    } catch (error) {
      throw inWordsOfTheConsumer(error);
    }
  };
}

function inWordsOfTheConsumer(error: unknown): unknown {
  if (error instanceof UnusableMessageError) return new Reject(`${error.code}: ${error.message}`, { cause: error });
  if (error instanceof PackagesUnavailableError) return new Unavailable(error.message, { cause: error }); // (V4)
  return error;
}
