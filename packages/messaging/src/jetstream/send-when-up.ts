// Core messages that nobody acknowledges (settlements, nudges): sent if there is a connection, else not at all.
import { sendFrame, textFrame } from './frame.ts';
import type { Link } from './link.ts';

/** Returns whether nats.js took it, which is no proof that it arrives. Never throws. `subject` must be one. */
export function sendWhenUp(link: Link, subject: string, text = ''): boolean {
  const connection = link.connection();
  // One that is being closed is what the link is about to tell.
  if (connection === null || connection.isClosed()) return false;
  sendFrame(connection, textFrame(subject, text));
  return true;
}
