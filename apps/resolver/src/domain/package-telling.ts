// What a message tells of a package: the value between the message and the database.
// Refuses what no attempt could ever apply. Knows neither the broker nor the database.
import { PackageCreated, PackageUpdated, type PackageMessage } from '@longwave/contracts';
import type { Message } from '@longwave/messaging/contract';

export const packageTypes = [PackageCreated, PackageUpdated] as const;

export type PackageTelling = PackageMessage & {
  /** The entity: created and updated messages of one package share it, whoever published them. */
  readonly key: string;
  readonly toldAt: Date;
};

/** The message can never be applied; it is the message's fault, not the moment's. */
export class UnusableMessageError extends Error {
  override readonly name = 'UnusableMessageError';
  readonly code: 'subject-mismatch' | 'unstorable-text' | 'unexpected-type';

  constructor(code: UnusableMessageError['code'], reason: string) {
    super(reason);
    this.code = code;
  }
}

/** Throws UnusableMessageError. */
export function readPackageTelling(message: Message): PackageTelling {
  const type = packageTypes.find((candidate) => candidate === message.type);
  if (type === undefined) throw new UnusableMessageError('unexpected-type', `${message.type.name} tells of no package`);
  // The message was decoded by this very type.
  const data = message.data as PackageMessage;
  refuseUnstorable(message, data);
  const { subject, key } = type.of(data);
  // Permissions are granted on subjects: data that names another namespace would step over them. (V6)
  if (subject !== message.stored.subject) {
    throw new UnusableMessageError('subject-mismatch', `the data belongs to ${subject}, not to where it was published`);
  }
  return { ...data, key, toldAt: message.createdAt };
}

const ID_LENGTH_MAX = 512;

function refuseUnstorable({ id }: Message, data: PackageMessage): void {
  const { description = '', vendor = '', signature = '', dependencies = [] } = data;
  const texts = [id, description, vendor, signature, ...dependencies.map(({ range }) => range)];
  if (id !== '' && id.length <= ID_LENGTH_MAX && texts.every(isStorable)) return;
  throw new UnusableMessageError(
    'unstorable-text',
    `its texts may hold no NUL and no half of a surrogate pair, and its id 1 to ${ID_LENGTH_MAX} characters`,
  );
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000');
}
