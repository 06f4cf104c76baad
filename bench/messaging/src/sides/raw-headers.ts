// The headers that the package gives each message, as somebody writes them who uses nats.js by hand.
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { ACTOR, CAUSATION_ID, CORRELATION_ID, INSTANCE, REPLICA, TIMEOUT_MS, TRACEPARENT } from '../meter-reading.ts';

/** What every message has, and what it follows from. */
export function headersOf(id: string, type: string, createdAt: Date, causationId = CAUSATION_ID): MsgHdrs {
  const said = headers();
  said.set('ce-specversion', '1.0');
  said.set('ce-id', id);
  said.set('ce-source', `/${INSTANCE}/${REPLICA}`);
  said.set('ce-type', type);
  said.set('ce-time', createdAt.toISOString());
  said.set('ce-datacontenttype', 'application/json');
  said.set('ce-correlationid', CORRELATION_ID);
  said.set('ce-causationid', causationId);
  said.set('ce-actor', ACTOR);
  said.set('traceparent', TRACEPARENT);
  return said;
}

/** For what is not worth handling later. */
export function setExpiry(said: MsgHdrs, createdAt: Date): void {
  said.set('ce-expirytime', new Date(createdAt.getTime() + TIMEOUT_MS).toISOString());
}
