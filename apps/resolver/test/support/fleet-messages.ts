// Messages about packages, as steering sends them.
import { PackageCreated, PackageUpdated, type PackageMessage } from '@longwave/contracts';
import { encodeMessage, type OutgoingMessage } from '@longwave/messaging/contract';
import { uuidIds } from '@longwave/runtime';

const types = { created: PackageCreated, updated: PackageUpdated } as const;

export const source = { instance: 'steering', replica: 'steering-1' } as const;

export function packageMessage(
  kind: keyof typeof types,
  about: Partial<Omit<PackageMessage, 'packageId'>> & { readonly name: string; readonly version?: string },
  { id = uuidIds.next(), createdAt = new Date() }: { readonly id?: string; readonly createdAt?: Date } = {},
): OutgoingMessage {
  const { name, version = '1.0.0', namespace = 'default', ...rest } = about;
  const draft = types[kind].of({ namespace, packageId: { name, version }, ...rest });
  return encodeMessage(draft, { id, createdAt, source, cause: { correlationId: `c-${id}` } });
}
