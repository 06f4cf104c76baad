// From bytes to data that can be trusted: the envelope, its version, and what it carries. The contract says how each
// version is read; the header only says what the sender thought it was (E1).
import { z } from 'zod';
import type { DecodeFailure } from './decode.ts';
import { JSON_CONTENT_TYPE, mediaTypeOf, type PayloadCodec } from './payload.ts';
import type { Decode, OlderFormat } from './upcast.ts';

/** What a contract says of reading its payloads. */
export type Format<Data> = {
  readonly name: string;
  readonly version: number;
  readonly payload: PayloadCodec;
  readonly decode: Decode<Data>;
  readonly older?: ReadonlyMap<number, OlderFormat<Data>>;
};

type Failed = { readonly ok: false; readonly failure: DecodeFailure };

const envelope = z.object({
  version: z.int().positive(),
  createdAt: z.iso.datetime({ offset: true }),
  data: z.unknown().optional(),
});

type Envelope = z.infer<typeof envelope>;

/**
 * Reads a payload as what `format` says; data of an older version is upcast (C4). `said` is what the headers say of it;
 * without them it is what the newest version is. Never throws for anything that could have been sent.
 */
export function readPayload<Data>(
  format: Format<Data>,
  bytes: Uint8Array,
  said: { readonly contentType?: string | undefined; readonly ceType?: string | undefined },
): Failed | { readonly ok: true; readonly data: Data; readonly createdAt: Date } {
  const { contentType: newest } = format.payload;
  const mediaType =
    said.contentType === undefined || said.contentType === newest ? newest : mediaTypeOf(said.contentType);
  const codec = mediaType === newest ? format.payload : codecOf(format, mediaType);
  if (codec === undefined) return unexpected(format, mediaType, said.ceType);
  const read = readEnvelope(codec, bytes);
  if (!read.ok) return read;
  const { version, createdAt, data } = read.envelope;
  if (version > format.version) return newer(format, version);
  const chosen = version === format.version ? format : format.older?.get(version);
  if (chosen === undefined) return failed('invalid-payload', withoutUpcast(format, version));
  if (chosen.payload.contentType !== mediaType) {
    const expected = `${format.name} version ${version} is ${chosen.payload.contentType}`;
    return failed('unexpected-content-type', `${expected}; this is ${mediaType}`);
  }
  const decoded = decodeData(chosen.payload, chosen.decode, data);
  if (decoded.success) return { ok: true, data: decoded.data, createdAt: new Date(createdAt) };
  const which = version === format.version ? '' : `as ${format.name} version ${version}: `;
  return failed('invalid-data', which + z.prettifyError(decoded.error));
}

export function failed(code: DecodeFailure['code'], reason: string): Failed {
  return { ok: false, failure: { code, reason } };
}

function codecOf(format: Format<unknown>, mediaType: string): PayloadCodec | undefined {
  return codecsOf(format).find(({ contentType }) => contentType === mediaType);
}

function codecsOf({ payload, older }: Format<unknown>): readonly PayloadCodec[] {
  return older === undefined ? [payload] : [payload, ...[...older.values()].map((one) => one.payload)];
}

/** A version that this build does not know may be of a content type that it does not know either. */
function unexpected(format: Format<unknown>, mediaType: string, ceType: string | undefined): Failed {
  const version = Number(/^longwave\.[\w-]+\.v(\d+)$/.exec(ceType ?? '')?.[1] ?? 0);
  if (version > format.version) return newer(format, version);
  const known = [...new Set(codecsOf(format).map(({ contentType }) => contentType))].join(' or ');
  return failed('unexpected-content-type', `${format.name} is ${known}; this is ${mediaType.slice(0, 100)}`);
}

function newer({ name, version }: Format<unknown>, sent: number): Failed {
  return failed('newer-version', `${name} is version ${sent}; this build knows ${version}`);
}

function readEnvelope(
  codec: PayloadCodec,
  bytes: Uint8Array,
): Failed | { readonly ok: true; readonly envelope: Envelope } {
  const decoded = decodeBytes(codec, bytes);
  if (!decoded.ok) return decoded;
  const read = envelope.safeParse(decoded.value);
  return read.success ? { ok: true, envelope: read.data } : failed('invalid-payload', z.prettifyError(read.error));
}

function decodeBytes(codec: PayloadCodec, bytes: Uint8Array): Failed | { readonly ok: true; readonly value: unknown } {
  try {
    return { ok: true, value: codec.decode(bytes) };
  } catch (error) {
    if (codec.contentType === JSON_CONTENT_TYPE) return failed('not-json', 'the payload is not UTF-8 JSON');
    return failed('invalid-payload', `the payload is not ${codec.contentType}: ${reasonOf(error)}`);
  }
}

/** Says what to do, because such a message can be read as soon as there is an upcast. */
function withoutUpcast({ name, version, older }: Format<unknown>, sent: number): string {
  const oldest = Math.min(version, ...(older?.keys() ?? []));
  const known = oldest === version ? `version ${version} alone` : `versions ${oldest} to ${version}`;
  return `${name} version ${sent} has no upcast; this build reads ${known}. Add one to the type, then send this again`;
}

/** A codec may throw where zod does not expect it, and so may zod itself, on data that is nested too deep. */
function decodeData<Data>(codec: PayloadCodec, decode: Decode<Data>, carried: unknown): ReturnType<Decode<Data>> {
  try {
    return decode(codec.decodeData(carried));
  } catch (error) {
    const message = reasonOf(error);
    return { success: false, error: new z.ZodError([{ code: 'custom', path: [], message, input: undefined }]) };
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
