// The attributes of OpenTelemetry's semantic conventions for messaging (still in development: only this folder and the
// Prometheus one know them).
//
// X5  no payload, no header but the ids, and no text of an error is ever in a span: they may hold what not everybody may
//     see. The message is found by its id, and the error in the log by that of the trace.
import type { Attributes } from '@opentelemetry/api';

export type Operation = {
  /** What NATS calls it, and the metrics of the Prometheus folder do. */
  readonly name: 'publish' | 'process' | 'request';
  /** What the conventions call it. */
  readonly type: 'send' | 'process';
};

export const PUBLISH: Operation = { name: 'publish', type: 'send' };
export const PROCESS: Operation = { name: 'process', type: 'process' };
/** A message that is answered. The conventions have no word for it. */
export const REQUEST: Operation = { name: 'request', type: 'send' };

type Described = {
  /** The subject, or the stream of a batch. */
  readonly destination: string;
  /** Where ids are names of parameters: what spans are grouped by. */
  readonly template?: string;
  readonly group?: string;
  readonly messageId?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly batchSize?: number;
};

/** `error.type`: a code or the name of a class. */
export const ERROR_TYPE = 'error.type';
/** Of a reply: 200 to 599. Ours, because the conventions know no replies. */
export const REPLY_STATUS = 'longwave.reply.status';
export const MESSAGE_ID = 'messaging.message.id';
export const DESTINATION_NAME = 'messaging.destination.name';

export function attributesOf({ name, type }: Operation, described: Described): Attributes {
  const { destination, template, group, messageId, correlationId, batchSize } = described;
  return {
    'messaging.system': 'nats',
    'messaging.operation.name': name,
    'messaging.operation.type': type,
    [DESTINATION_NAME]: destination,
    ...(template === undefined ? {} : { 'messaging.destination.template': template }),
    ...(group === undefined ? {} : { 'messaging.consumer.group.name': group }),
    ...(messageId === undefined ? {} : { [MESSAGE_ID]: messageId }),
    ...(correlationId === undefined ? {} : { 'messaging.message.conversation_id': correlationId }),
    ...(batchSize === undefined ? {} : { 'messaging.batch.message_count': batchSize }),
  };
}
