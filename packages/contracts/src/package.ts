// A software package that playout devices run: its identity, what can be said of it, and the messages about it.
import { event } from '@longwave/messaging/contract';
import { z } from 'zod';
import { line, prose } from './text.ts';

/** A tenant. Part of subjects, so that a permission can name it. */
export const namespace = z
  .string()
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$/, '1 to 64 letters, digits, dots, hyphens, underscores')
  .meta({ description: 'The tenant whose packages are meant', example: 'default' });

/** A letter or digit is among them, because a client resolves `..` in a URL before it sends it. */
export const packageName = z
  .string()
  .regex(
    /^(?=.*[A-Za-z0-9])[A-Za-z0-9+._-]{1,100}$/,
    '1 to 100 letters, digits and the characters - + . _, not only the latter',
  )
  .meta({ description: 'The name of a package', example: 'playout-engine' });

/** https://semver.org: the producer and the resolver must agree on what a version is, so the rule stands once. */
export const packageVersion = z
  .string()
  .max(64)
  .regex(
    /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/,
    'a semantic version such as 1.0.0 or 2.1.0-beta.3',
  )
  .meta({ description: 'A semantic version (https://semver.org)', example: '1.4.0' });

/** What else must be on a device: a package, and a semver range of it. */
export const packageDependency = z.strictObject({
  name: packageName,
  range: z
    .string()
    .min(1)
    .max(128)
    .regex(/^[0-9A-Za-z.*^~<>=|+ -]+$/, 'a semver range such as ^1.2.0')
    .meta({ example: '^2.1.0' }),
});

/** What a client may say of a package; its identity is in the URL. */
export const packageInput = z
  .strictObject({
    description: prose(4_000).optional().meta({ example: 'Plays what the program says' }),
    vendor: line(255).optional().meta({ example: 'Longwave' }),
    signature: line(4_096).optional().meta({ description: "The vendor's signature of the binary, as text" }),
    dependencies: z
      .array(packageDependency)
      .max(256)
      .optional()
      .meta({ description: 'What else must be on a device', example: [{ name: 'codec-pack', range: '^2.1.0' }] }),
  })
  .meta({ id: 'PackageInput', description: 'What a client may say of a package; what is absent is not there' });

export const packageId = z.object({ name: packageName, version: packageVersion });

/** A package as both services answer it. */
export const packageResource = z
  .object({
    namespace,
    packageId,
    description: z.string().optional(),
    vendor: z.string().optional(),
    signature: z.string().optional(),
    dependencies: z.array(z.object({ name: z.string(), range: z.string() })).optional(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({
    id: 'Package',
    description: 'A package as it is now',
    example: {
      namespace: 'default',
      packageId: { name: 'playout-engine', version: '1.4.0' },
      description: 'Plays what the program says',
      vendor: 'Longwave',
      dependencies: [{ name: 'codec-pack', range: '^2.1.0' }],
      createdAt: '2026-11-21T12:00:00.000Z',
      updatedAt: '2026-11-21T12:00:00.000Z',
    },
  });

export type PackageId = z.infer<typeof packageId>;
export type PackageInput = z.infer<typeof packageInput>;
export type PackageResource = z.infer<typeof packageResource>;

// Messages ignore what they do not know, so the dependencies of a message are not strict.
const packageMessage = z.object({
  namespace,
  packageId,
  description: z.string().optional().meta({ description: 'What it is for' }),
  vendor: z.string().optional().meta({ description: 'Who makes it' }),
  signature: z.string().optional().meta({ description: "The vendor's signature of the binary, as text" }),
  dependencies: z
    .array(z.object({ name: packageName, range: z.string().meta({ description: 'A semver range' }) }))
    .optional()
    .meta({ description: 'What else must be on a device' }),
});

export type PackageMessage = z.infer<typeof packageMessage>;

const address = (data: PackageMessage) => ({ namespace: data.namespace, ...data.packageId });
const key = (data: PackageMessage) => `package/${data.namespace}/${data.packageId.name}/${data.packageId.version}`;

const example: PackageMessage = {
  namespace: 'default',
  packageId: { name: 'playout-engine', version: '1.4.0' },
  description: 'Plays what the program says',
  vendor: 'Longwave',
  dependencies: [{ name: 'codec-pack', range: '^2.1.0' }],
};

export const PackageCreated = event('PackageCreated', {
  version: 1,
  subject: 'longwave.v1.events.steering.package.lifecycle.created.{namespace}.{name}.{version}',
  address,
  key,
  schema: packageMessage.meta({ description: 'A package that was not known before: what it is, and what it needs' }),
  example,
});

/** Sent only when something of the package changed. */
export const PackageUpdated = event('PackageUpdated', {
  version: 1,
  subject: 'longwave.v1.events.steering.package.lifecycle.updated.{namespace}.{name}.{version}',
  address,
  key,
  schema: packageMessage.meta({ description: 'Something of a package changed: all of it, as it is now' }),
  example,
});
