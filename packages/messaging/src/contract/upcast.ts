// How messages of older versions are read (C4). A type keeps the schema of every version that may still lie in a stream,
// an outbox or an audit log, and one step from each to the next: whoever raises a version writes one step and never
// touches the others. What a step returns goes through the schema of the next version as if a sender of that version
// had sent it, so nothing unchecked reaches a handler (C5), and a chain of steps needs no trust in any of them.
// Where a message lies and which key it has was decided when it was sent: a step changes neither.
import { z } from 'zod';
import { jsonPayload, type PayloadCodec } from './payload.ts';

/** Reads `data` as it came from the wire. */
export type Decode<Data> = (
  wireData: unknown,
) => { readonly success: true; readonly data: Data } | { readonly success: false; readonly error: z.ZodError };

/**
 * What a type says of its older versions: for each its schema, and `upcast`, which makes data of the next version of it.
 * `Schemas` are theirs, by version; `Newest` is that of the type.
 */
export type OlderVersions<Schemas, Newest extends z.ZodType> = {
  readonly [Version in keyof Schemas]: {
    readonly schema: Schemas[Version];
    /** How payloads of that version are read; absent: as JSON, whatever the newest version is. */
    readonly payload?: PayloadCodec<z.input<Schemas[Version] & z.ZodType>>;
    readonly upcast: (data: z.output<Schemas[Version]>) => z.output<SchemaAfter<Version, Schemas, Newest>>;
  };
};

/** Where the compiler does not know the versions, all have to have the type of the newest. */
type SchemaAfter<Version, Schemas, Newest> = `${Version & (string | number)}` extends infer Key extends keyof Successors
  ? Schemas extends { readonly [Next in Successors[Key] & number]: infer Schema }
    ? Schema
    : Newest
  : Newest;

/** Types know no arithmetic, and counting in tuples crashes the linter. To be made longer when a type comes this far. */
type Successors = readonly [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20];

/** How data of one older version is read as that of the newest. */
export type OlderFormat<Data> = { readonly payload: PayloadCodec; readonly decode: Decode<Data> };

type Step = {
  readonly schema: z.ZodType;
  readonly payload?: PayloadCodec;
  readonly upcast: (data: never) => unknown;
};
type Next<Data> = { readonly version: number; readonly schema: z.ZodType; readonly decode: Decode<Data> };

/**
 * For each older version how its data is read as that of the newest. Throws TypeError when a version between the oldest
 * and the newest is missing, or is no version: that is a programming error.
 */
export function olderFormats<Data>(
  name: string,
  older: Readonly<Record<number, Step>>,
  newest: Next<Data>,
): ReadonlyMap<number, OlderFormat<Data>> {
  const steps = Object.entries(older).map(([version, step]) => ({ ...step, version: Number(version) }));
  const formats = new Map<number, OlderFormat<Data>>();
  let next = newest;
  for (const step of steps.toSorted((a, b) => b.version - a.version)) {
    const { version, schema, payload = jsonPayload } = step;
    if (version !== next.version - 1 || version < 1) throw unreachable(name, version, next.version);
    next = {
      version,
      schema,
      decode: decodeThrough(step, next, `the upcast from version ${version} to ${next.version}`),
    };
    formats.set(version, { payload, decode: next.decode });
  }
  return formats;
}

function decodeThrough<Data>({ schema, upcast }: Step, next: Next<Data>, what: string): Decode<Data> {
  return (wireData) => {
    const read = z.safeDecode(schema, wireData);
    if (!read.success) return read;
    const said = say(next.schema, () => upcast(read.data as never)); // OlderVersions has matched the two
    return said.success ? next.decode(said.wireData) : refused(`${what} ${said.reason}`);
  };
}

type Said =
  | { readonly success: true; readonly wireData: unknown }
  | { readonly success: false; readonly reason: string };

/** What `make` makes, as a sender would put it on the wire. A codec may throw as well as `make`. */
function say(schema: z.ZodType, make: () => unknown): Said {
  try {
    const encoded = z.safeEncode(schema, make());
    if (encoded.success) return { success: true, wireData: encoded.data };
    return { success: false, reason: `makes what that does not take: ${z.prettifyError(encoded.error)}` };
  } catch (error) {
    return { success: false, reason: `threw: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function refused(message: string): { readonly success: false; readonly error: z.ZodError } {
  return { success: false, error: new z.ZodError([{ code: 'custom', path: [], message, input: undefined }]) };
}

function unreachable(name: string, version: number, nextVersion: number): TypeError {
  return new TypeError(
    `${name} has an upcast from version ${version}, where one to version ${nextVersion} is due: ` +
      'older versions are 1 or more, and none is missing between the oldest and the newest',
  );
}
