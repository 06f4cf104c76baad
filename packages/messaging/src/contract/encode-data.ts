// From data to what the envelope carries: first as its schema says, then as its codec does.
import { z } from 'zod';
import type { PayloadCodec } from './payload.ts';

/** Throws z.ZodError, also for what the schema takes and the codec cannot carry: both are data that is wrong. */
export function encodeData<Schema extends z.ZodType>(
  schema: Schema,
  codec: PayloadCodec<z.input<Schema>>,
  data: z.output<Schema>,
): unknown {
  const wireData = z.encode(schema, data);
  try {
    return codec.encodeData(wireData);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `cannot be written as ${codec.contentType}: ${reason}`;
    throw new z.ZodError([{ code: 'custom', path: [], message, input: undefined }]);
  }
}
