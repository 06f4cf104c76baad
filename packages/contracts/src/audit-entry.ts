// One entry of the audit log, as its API answers it.
import { z } from 'zod';

/** `payload` is the message's own bytes when they are one JSON text; `payloadBase64` otherwise. */
export const auditEntry = z.object({
  sequence: z.int().positive(),
  id: z.string(),
  subject: z.string(),
  type: z.string().nullable(),
  source: z.string().nullable(),
  actor: z.string().nullable(),
  correlationId: z.string(),
  causationId: z.string().nullable(),
  createdAt: z.iso.datetime().nullable(),
  receivedAt: z.iso.datetime(),
  recordedAt: z.iso.datetime(),
  stream: z.string(),
  streamSequence: z.int(),
  payload: z.json().optional(),
  payloadBase64: z.string().optional(),
});

export type AuditEntry = z.infer<typeof auditEntry>;
