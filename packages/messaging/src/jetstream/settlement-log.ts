// Settlements that the server may not have got: nats.js takes them without a word while the connection is down, and drops
// them at the next dial.
import type { NatsConnection } from '@nats-io/nats-core';
import type { Link } from './link.ts';
import { sendWhenUp } from './send-when-up.ts';

/** What is published to settle a delivery, and where. */
export type Settlement = { readonly reply: string; readonly how: string };

/**
 * At most as long as what is in hand: every settlement was one of it. Listens to the link only while something is
 * unconfirmed, so it outlives the pull it belongs to exactly as long as there is a reason to.
 */
export class SettlementLog {
  readonly #link: Link;
  /** In order. */
  readonly #unconfirmed: Settlement[] = [];
  #confirmingOn: NatsConnection | null = null;
  #unlisten: (() => void) | null = null;

  constructor(link: Link) {
    this.#link = link;
  }

  /** Never throws. */
  send(what: Settlement): void {
    this.#unconfirmed.push(what);
    sendWhenUp(this.#link, what.reply, what.how);
    if (this.#unlisten === null) this.#listen();
    this.#confirmSoon();
  }

  #listen(): void {
    let isUp = this.#link.connection() !== null;
    this.#unlisten = this.#link.listen({
      up: () => {
        // `listen` calls this at once when the link is up already.
        if (isUp) return;
        isUp = true;
        this.#sendAgain();
      },
      down: () => {
        isUp = false;
      },
    });
  }

  /** After a reconnect. A settlement that the server has got already is one it ignores. */
  #sendAgain(): void {
    for (const { reply, how } of this.#unconfirmed) sendWhenUp(this.#link, reply, how);
    this.#confirmSoon();
  }

  #confirmSoon(): void {
    const connection = this.#link.connection();
    if (connection !== null && connection !== this.#confirmingOn) void this.#confirm(connection);
  }

  /** One round trip at a time, for everything that was sent before it. */
  async #confirm(connection: NatsConnection): Promise<void> {
    this.#confirmingOn = connection;
    while (this.#unconfirmed.length > 0) {
      const count = this.#unconfirmed.length;
      // When the connection was lost, what is unconfirmed is sent again when it is back.
      const arrived = await connection.flush().then(
        () => true,
        () => false,
      );
      if (this.#confirmingOn !== connection) return; // another connection has taken over
      if (!arrived) break;
      this.#unconfirmed.splice(0, count);
    }
    this.#confirmingOn = null;
    if (this.#unconfirmed.length > 0) return;
    this.#unlisten?.();
    this.#unlisten = null;
  }
}
