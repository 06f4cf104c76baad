// A package as the list needs it, from the resolver's answer or from the message that told of it.
// The message carries everything, so it is taken as it is: the resolver hears of it at the same moment as this page,
// and asking at once would often get the answer of before.
import type { FeedEvent } from '@longwave/client';
import type { PackageResource } from '@longwave/contracts';
import { encodeToken } from '@longwave/messaging/contract';
import { isRecord } from '../is-record.ts';
import type { ItemTraits } from '../live/live-list.ts';
import { createdAtOf, dataOf } from '../live/message-data.ts';

export const PACKAGES_FIRST_PAGE = '/resolver/api/v1/packages/?limit=100';

/** The resolver lists the packages of one namespace; without a header that is this one. */
const NAMESPACE = 'default';
const SUBJECT = /^longwave\.v1\.events\.steering\.package\.lifecycle\.(?:created|updated)\.(.*)$/;

export const packageTraits: ItemTraits<PackageResource> = {
  keyOf: ({ packageId }) => `${packageId.name}/${packageId.version}`,
  stampOf: ({ updatedAt }) => updatedAt,
  compare: (left, right) =>
    left.packageId.name.localeCompare(right.packageId.name, 'en') ||
    compareVersions(right.packageId.version, left.packageId.version),
};

/** The package that a message tells of; null for any other message, or one whose data belongs to another subject. */
export function packageOf(message: FeedEvent): PackageResource | null {
  const [, address] = SUBJECT.exec(message.subject) ?? [];
  const data = address === undefined ? null : dataOf(message);
  if (data === null || !isRecord(data['packageId'])) return null;
  const { name, version } = data['packageId'];
  if (!isId(name) || !isId(version)) return null;
  if (address !== `${NAMESPACE}.${encodeToken(name)}.${encodeToken(version)}`) return null;
  const toldAt = createdAtOf(message);
  return {
    namespace: NAMESPACE,
    packageId: { name, version },
    ...text(data, 'description'),
    ...text(data, 'vendor'),
    ...text(data, 'signature'),
    ...dependencies(data['dependencies']),
    createdAt: toldAt,
    updatedAt: toldAt,
  };
}

/** Precedence of https://semver.org (11), oldest first. What is no version sorts as text. */
export function compareVersions(left: string, right: string): number {
  const [leftCore, leftTag] = splitVersion(left);
  const [rightCore, rightTag] = splitVersion(right);
  const byCore = compareIdentifiers(leftCore, rightCore);
  if (byCore !== 0) return byCore;
  // A release is newer than what was released before it under the same number.
  if (leftTag === null || rightTag === null) return Number(rightTag !== null) - Number(leftTag !== null);
  return compareIdentifiers(leftTag, rightTag);
}

/** Something that can be in a subject. */
function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.isWellFormed();
}

function splitVersion(version: string): readonly [readonly string[], readonly string[] | null] {
  const [withoutBuild = ''] = version.split('+');
  const dash = withoutBuild.indexOf('-');
  if (dash < 0) return [withoutBuild.split('.'), null];
  return [withoutBuild.slice(0, dash).split('.'), withoutBuild.slice(dash + 1).split('.')];
}

function compareIdentifiers(left: readonly string[], right: readonly string[]): number {
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const [a, b] = [left[index], right[index]];
    if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
    const order = compareIdentifier(a, b);
    if (order !== 0) return order;
  }
  return 0;
}

function compareIdentifier(a: string, b: string): number {
  const [aIsNumber, bIsNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (aIsNumber && bIsNumber) return Number(a) - Number(b);
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
  return a < b ? -1 : Number(a > b);
}

function text<Name extends string>(data: Readonly<Record<string, unknown>>, name: Name): { [Key in Name]?: string } {
  const value = data[name];
  // An object with a computed key is typed by its index, not by its one name.
  return (typeof value === 'string' ? { [name]: value } : {}) as { [Key in Name]?: string };
}

function dependencies(value: unknown): Pick<PackageResource, 'dependencies'> {
  if (!Array.isArray(value)) return {};
  const list = value.flatMap((dependency: unknown) => {
    const { name, range } = isRecord(dependency) ? dependency : {};
    return typeof name === 'string' && typeof range === 'string' ? [{ name, range }] : [];
  });
  return { dependencies: list };
}
