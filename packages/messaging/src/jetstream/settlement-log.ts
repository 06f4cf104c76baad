// Settlements that the server may not have got: nats.js takes them without a word while the connection is down, and drops
// them at the next dial.
import type { Link } from './link.ts';

/** What is published to settle a delivery, and where. */
type Settlement = { readonly reply: string; readonly how: string };

/** At most as long as what is in hand: every settlement was one of it. */
export class SettlementLog {
  readonly #link: Link;
  /** In order. */
  readonly #unconfirmed: Settlement[] = [];
  #confirming = false;

  constructor(link: Link) {
    this.#link = link;
  }

  send(what: Settlement): void {
    this.#unconfirmed.push(what);
    this.#link.connection()?.publish(what.reply, what.how);
    if (!this.#confirming) void this.#confirm();
  }

  /** After a reconnect. A settlement that the server has got already is one it ignores. */
  sendAgain(): void {
    const connection = this.#link.connection();
    for (const { reply, how } of this.#unconfirmed) connection?.publish(reply, how);
    if (!this.#confirming) void this.#confirm();
  }

  /** One round trip at a time, for everything that was sent before it. */
  async #confirm(): Promise<void> {
    this.#confirming = true;
    for (;;) {
      const connection = this.#link.connection();
      const count = this.#unconfirmed.length;
      if (connection === null || count === 0) break;
      try {
        await connection.flush();
      } catch {
        break; // the connection was lost; what is unconfirmed is sent again when it is back
      }
      this.#unconfirmed.splice(0, count);
    }
    this.#confirming = false;
  }
}
