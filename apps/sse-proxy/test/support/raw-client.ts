// A client that says byte for byte what it is told to, and keeps what it hears: for what no HTTP client would send.
import { connect, type Socket } from 'node:net';

export class RawClient {
  readonly socket: Socket;
  /** Everything heard, as latin1. */
  heard = '';
  isClosed = false;

  constructor(address: string, said = '') {
    const { hostname, port } = new URL(address);
    this.socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    this.socket.setEncoding('latin1');
    this.socket.on('data', (text: string) => (this.heard += text));
    this.socket.on('close', () => (this.isClosed = true));
    this.socket.on('end', () => this.socket.end());
    // To be cut is what is tested.
    this.socket.on('error', () => undefined);
    if (said !== '') this.say(said);
  }

  say(text: string): void {
    this.socket.write(text, 'latin1');
  }

  close(): void {
    this.socket.destroy();
  }

  /** The numbers of the answers so far. */
  get statuses(): readonly number[] {
    return [...this.heard.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  }
}

/** A plain request for a stream. */
export function streamRequest(subject: string, lines: readonly string[] = []): string {
  const head = [`GET /events?subject=${encodeURIComponent(subject)} HTTP/1.1`, 'Host: x', 'Accept: text/event-stream'];
  return `${[...head, ...lines].join('\r\n')}\r\n\r\n`;
}
