// Contracts of messages that are meant for somebody: a service instance, or one replica of it. `request(...)` is
// answered, `notice(...)` is not. Where they go is said when they are sent, so a contract has a protocol and no subject;
// its name is the last token of every subject it is sent on.
// They are plain values, checked when they are declared: a bad name is a programming error.
import { z } from 'zod';
import { checkDeclaration } from './check-declaration.ts';
import { encodeData } from './encode-data.ts';
import { checkName } from './name.ts';
import { jsonPayload, type PayloadCodec } from './payload.ts';
import { SubjectError } from './subject-error.ts';
import { olderFormats, type OlderFormat, type OlderVersions } from './upcast.ts';

/** How `data` goes on the wire and comes back. */
export type DataFormat<Data> = {
  readonly name: string;
  readonly version: number;
  /** `longwave.<Name>.v<version>`: the ce-type header. */
  readonly ceType: string;
  readonly schema: z.ZodType;
  readonly example: unknown;
  /** How its payload becomes bytes. */
  readonly payload: PayloadCodec;
  /** `data` as the payload carries it. Throws z.ZodError. */
  encode(data: Data): unknown;
  readonly decode: (wireData: unknown) => z.ZodSafeParseResult<Data>;
  /** How `data` of an older version is read as that of this one (C4); absent where there is none. */
  readonly older?: ReadonlyMap<number, OlderFormat<Data>>;
};

export type TargetedType<Input> = {
  readonly name: string;
  readonly version: number;
  /** The conversation it belongs to: `longwave.v1.service.<instance>.<protocol>.<name>`. */
  readonly protocol: string;
  /** Milliseconds after its creation at which it is no longer worth handling; 0 = never. */
  readonly timeoutMs: number;
  readonly input: DataFormat<Input>;
};

export interface RequestType<Input, Output> extends TargetedType<Input> {
  readonly kind: 'request';
  /** Handling it twice has the effect of handling it once: it may be sent again when nobody knows whether it arrived. */
  readonly idempotent: boolean;
  readonly output: DataFormat<Output>;
}

export interface NoticeType<Input> extends TargetedType<Input> {
  readonly kind: 'notice';
}

type Declaration = { readonly version: number; readonly protocol: string; readonly timeoutMs: number };

/**
 * Declares a request and its reply. It has no older versions: who asks in an older one could not read the reply, so a new
 * version is a new name. Throws SubjectError `illegal-name` for a name that is no token of a subject, RangeError for a
 * version or a timeout that is none.
 */
export function request<Input extends z.ZodType, Output extends z.ZodType>(
  name: string,
  contract: Declaration & {
    readonly input: Input;
    readonly output: Output;
    /** How the two become bytes; absent: JSON. */
    readonly payload?: {
      readonly input?: PayloadCodec<NoInfer<z.input<Input>>>;
      readonly output?: PayloadCodec<NoInfer<z.input<Output>>>;
    };
    readonly example: { readonly input: z.output<Input>; readonly output: z.output<Output> };
    readonly idempotent?: boolean;
  },
): RequestType<z.output<Input>, z.output<Output>> {
  const { input, output, payload, example, idempotent = false } = contract;
  return {
    kind: 'request',
    idempotent,
    ...declared(name, contract),
    input: formatOf(name, contract.version, input, example.input, payload?.input),
    output: formatOf(`${name}Reply`, contract.version, output, example.output, payload?.output),
  };
}

/**
 * Declares a message to somebody that is not answered; `older` as that of an event. Throws SubjectError `illegal-name`,
 * RangeError for a version or a timeout, TypeError for older versions that can be none.
 */
export function notice<
  Schema extends z.ZodType,
  const Schemas extends Readonly<Record<number, z.ZodType>> = Readonly<Record<never, z.ZodType>>,
>(
  name: string,
  contract: Declaration & {
    readonly schema: Schema;
    readonly example: z.output<Schema>;
    readonly payload?: PayloadCodec<NoInfer<z.input<Schema>>>;
    readonly older?: OlderVersions<Schemas, Schema>;
  },
): NoticeType<z.output<Schema>> {
  const { schema, example, version, payload, older } = contract;
  const format = formatOf(name, version, schema, example, payload);
  const input = older === undefined ? format : { ...format, older: olderFormats(name, older, format) };
  return { kind: 'notice', ...declared(name, contract), input };
}

/** A name starts with a letter: what starts with a digit is the number of a request, in the same place of a subject. */
function declared(
  name: string,
  { version, protocol, timeoutMs }: Declaration,
): Declaration & { readonly name: string } {
  if (!/^[A-Za-z]/.test(checkName(name))) {
    throw new SubjectError('illegal-name', `the message type ${JSON.stringify(name)} must start with a letter`);
  }
  checkDeclaration(name, { version, timeoutMs });
  return { name, version, protocol: checkName(protocol), timeoutMs };
}

function formatOf<Schema extends z.ZodType>(
  name: string,
  version: number,
  schema: Schema,
  example: z.output<Schema>,
  payload: PayloadCodec<z.input<Schema>> = jsonPayload,
): DataFormat<z.output<Schema>> {
  return {
    name,
    version,
    ceType: `longwave.${name}.v${version}`,
    schema,
    example,
    payload,
    encode: (data) => encodeData(schema, payload, data),
    // What comes from the wire is checked by the schema itself.
    decode: (wireData) => z.safeDecode(schema, wireData as z.input<Schema>),
  };
}
