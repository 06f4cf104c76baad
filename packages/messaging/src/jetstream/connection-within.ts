// The live connection, waited for no longer than an answer may take.
import type { NatsConnection } from '@nats-io/nats-core';
import type { Time } from '../time.ts';
import type { Link } from './link.ts';

/** Rejects when there is none within `withinMs`. */
export async function connectionWithin(link: Link, time: Time, withinMs: number): Promise<NatsConnection> {
  const connection = link.connection();
  if (connection !== null) return connection;
  const waiting = new AbortController();
  const cancel = time.after(withinMs, () => waiting.abort(new Error(`nats-server was away for ${withinMs} ms`)));
  try {
    return await link.whenUp(waiting.signal);
  } finally {
    cancel();
  }
}
