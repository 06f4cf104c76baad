// Core messages that nobody acknowledges (settlements, nudges): sent if there is a connection, else not at all.
import type { Link } from './link.ts';

/** Returns whether nats.js took it, which is no proof that it arrives. Never throws. */
export function sendWhenUp(link: Link, subject: string, payload?: string | Uint8Array): boolean {
  try {
    const connection = link.connection();
    connection?.publish(subject, payload);
    return connection !== null;
  } catch {
    return false; // the connection is being closed, which the link is about to tell
  }
}
