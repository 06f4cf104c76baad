// Contracts as plain values: what a message is called, where it goes, which entity it is about, what it carries.
// `event(...)` makes one; `type.of(data)` makes a draft, which is everything of a message but its id and its cause.
// A draft is checked when it is made (C1): schema, subject and key, so that what could never be published fails
// before the transaction, in the request that asked for it.
import { z } from 'zod';
import { checkDeclaration } from './check-declaration.ts';
import { encodeData } from './encode-data.ts';
import { checkName } from './name.ts';
import { jsonPayload, type PayloadCodec } from './payload.ts';
import { SubjectError } from './subject-error.ts';
import { subjectTemplate, type SubjectParameters, type SubjectTemplate } from './subject.ts';
import { olderFormats, type OlderFormat, type OlderVersions } from './upcast.ts';

/** What is published: made by `MessageType.of`, given an id, a time and a cause by whoever sends it. */
export type Draft = {
  readonly type: MessageType;
  readonly subject: string;
  /** The entity the message is about: messages with the same key stay in order. */
  readonly key: string;
  /** `data` as the payload carries it; undefined where the type has none. */
  readonly wireData: unknown;
  /** Milliseconds after its creation at which the message is no longer worth handling; 0 = never. */
  readonly timeoutMs: number;
};

/** What every contract has, whatever it carries. */
export type MessageType = {
  readonly name: string;
  readonly version: number;
  readonly subject: SubjectTemplate;
  /** `longwave.<Name>.v<version>`: the ce-type header. */
  readonly ceType: string;
  /** How its payload becomes bytes. */
  readonly payload: PayloadCodec;
  /** Reads `data` as its codec has read it from the wire. */
  readonly decode: (wireData: unknown) => z.ZodSafeParseResult<unknown>;
  /** How `data` of an older version is read as that of this one, by the version it has (C4); absent where there is none. */
  readonly older?: ReadonlyMap<number, OlderFormat<unknown>>;
  /** The schema of `data`; absent where the type has none. Documents are generated from it. */
  readonly schema?: z.ZodType;
  /** A believable `data`: the documentation, and a fixture of the tests. */
  readonly example: unknown;
};

/**
 * A contract whose messages carry `Data`, on subjects made from `Template`. `Input` is what `of` takes: the data, or the
 * subject's parameters.
 */
export interface EventType<Data, Input = Data, Template extends string = string> extends MessageType {
  readonly subject: SubjectTemplate<Template>;
  readonly decode: (wireData: unknown) => z.ZodSafeParseResult<Data>;
  readonly older?: ReadonlyMap<number, OlderFormat<Data>>;
  /** Throws z.ZodError (data), SubjectError (an id that cannot be in a subject or a key). */
  of(input: Input): Draft;
}

/** The data of a contract's messages. */
export type DataOf<Type> = Type extends EventType<infer Data, never> ? Data : never;

const PREFIX = 'longwave';

/**
 * Declares a message that carries data; `address` says which of it fills the subject's parameters, `older` how messages
 * of each older version are read, `payload` how it becomes bytes (absent: JSON). Throws SubjectError `illegal-name`,
 * RangeError for a version or a timeout, TypeError for a template or for older versions that can be none.
 */
export function event<
  const Template extends string,
  Schema extends z.ZodType,
  const Schemas extends Readonly<Record<number, z.ZodType>> = Readonly<Record<never, z.ZodType>>,
>(
  name: string,
  contract: {
    readonly version: number;
    readonly subject: Template;
    readonly address: (data: z.output<Schema>) => SubjectParameters<Template>;
    readonly key: (data: z.output<Schema>) => string;
    readonly schema: Schema;
    readonly example: z.output<Schema>;
    readonly timeoutMs?: number;
    readonly payload?: PayloadCodec<NoInfer<z.input<Schema>>>;
    readonly older?: OlderVersions<Schemas, Schema>;
  },
): EventType<z.output<Schema>, z.output<Schema>, Template> {
  const { version, schema, key, address, example, timeoutMs = 0, payload = jsonPayload, older } = contract;
  checkDeclaration(checkName(name), { version, timeoutMs });
  const decode = (wireData: unknown) => z.safeDecode(schema, wireData as z.input<Schema>);
  const subject = subjectTemplate(contract.subject);
  const type: EventType<z.output<Schema>, z.output<Schema>, Template> = {
    name,
    version,
    subject,
    ceType: `${PREFIX}.${name}.v${version}`,
    schema,
    example,
    payload,
    decode,
    ...(older && { older: olderFormats(name, older, { version, schema, decode }) }),
    of: (data) => ({
      type,
      subject: subject.build(address(data)),
      key: checkKey(key(data)),
      wireData: encodeData(schema, payload, data),
      timeoutMs,
    }),
  };
  return type;
}

/**
 * Declares a message that carries nothing: that it was sent is all it says. `of` takes the subject's parameters. Throws as
 * `event` does.
 */
export function signal<const Template extends string>(
  name: string,
  contract: {
    readonly version: number;
    readonly subject: Template;
    readonly key: (parameters: SubjectParameters<Template>) => string;
    readonly example: SubjectParameters<Template>;
  },
): EventType<undefined, SubjectParameters<Template>, Template> {
  const { version, key, example } = contract;
  checkDeclaration(checkName(name), { version, timeoutMs: 0 });
  const subject = subjectTemplate(contract.subject);
  const type: EventType<undefined, SubjectParameters<Template>, Template> = {
    name,
    version,
    subject,
    ceType: `${PREFIX}.${name}.v${version}`,
    example,
    payload: jsonPayload,
    decode: () => ({ success: true, data: undefined }),
    of: (parameters) => ({
      type,
      subject: subject.build(parameters),
      key: checkKey(key(parameters)),
      wireData: undefined,
      timeoutMs: 0,
    }),
  };
  return type;
}

const KEY_LENGTH_MAX = 512;

/** A key is stored in text columns and headers; a control character has no place in either. */
function checkKey(key: string): string {
  if (key !== '' && key.length <= KEY_LENGTH_MAX && key.isWellFormed() && !/[\u0000-\u001F\u007F]/.test(key))
    return key;
  throw new SubjectError(
    'illegal-key',
    `a message key has 1 to ${KEY_LENGTH_MAX} characters, none of them a control character`,
  );
}
