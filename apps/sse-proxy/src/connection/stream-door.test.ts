// K2: who says nothing, or too little, is passed on with every byte it said.
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import { parseFilter } from '@longwave/messaging/contract';
import { createLogger, uuidIds } from '@longwave/runtime';
import { hubOptions } from '../../test/support/hub-options.ts';
import { readerOf, ScriptedStream } from '../../test/support/scripted-stream.ts';
import { streamTopology } from '../domain/stream-topology.ts';
import { publicGrants } from '../domain/grant.ts';
import { Admission } from '../http/admission.ts';
import { clientAddressReader } from '../http/client-address.ts';
import { ConnectRate } from '../http/connect-rate.ts';
import { Tickets } from '../http/tickets.ts';
import { Hub } from '../sse/hub.ts';
import { StreamDoor } from './stream-door.ts';
import { StreamHead } from './stream-head.ts';

let hub: Hub;
let door: StreamDoor;
let server: Server;
const passedOn: string[] = [];
const sockets: Socket[] = [];

beforeEach(async () => {
  const reader = readerOf([new ScriptedStream('s')]);
  hub = new Hub(hubOptions(reader));
  const clock = () => new Date();
  const admission = new Admission({
    hub,
    clock,
    grants: publicGrants([parseFilter('>')]),
    tickets: new Tickets({ now: clock, secret: () => 'secret' }),
    rate: new ConnectRate(100, () => performance.now()),
    streams: streamTopology({ s: 's.>' }),
    filtersMax: 9,
    snapshotSubjects: [],
    random: () => 0,
  });
  const head = new StreamHead({ corsOrigins: [], clock: () => new Date(0), ids: uuidIds });
  const log = createLogger({ service: 'sse-proxy', replicaId: 'test', level: 'silent', pretty: false });
  door = new StreamDoor({ hub, admission, head, log, addressOf: clientAddressReader([]) });
  server = createServer({ allowHalfOpen: true }, (socket) => door.take(socket, () => listenTo(socket)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  door.close();
  await hub.drain();
  await hub.stop();
  await new Promise((resolve) => server.close(resolve));
  passedOn.length = 0;
});

function listenTo(socket: Socket): void {
  const index = passedOn.push('') - 1;
  socket.on('data', (bytes) => (passedOn[index] += bytes.toString('latin1')));
  socket.on('end', () => socket.end());
  socket.on('error', () => undefined);
}

function say(text: string): Socket {
  const { port } = server.address() as AddressInfo; // it listens on a port
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket.resume());
  socket.write(text);
  return socket;
}

describe('the door', () => {
  test('passes on who is too slow, with what was said before and what is said after (K1, K2)', async () => {
    const [silent, slow] = [say(''), say('GET /events?subject=s.%3E HTTP/1.1\r\nHo')];
    await until(
      'both are passed on',
      () => passedOn.length === 2 && passedOn.includes('GET /events?subject=s.%3E HTTP/1.1\r\nHo'),
    );
    silent.write('late');
    slow.write('st: x\r\n\r\n');
    await until(
      'the rest follows',
      () => passedOn.includes('late') && passedOn.some((said) => said.endsWith('\r\n\r\n')),
    );
    expect(passedOn.toSorted().join()).toBe('GET /events?subject=s.%3E HTTP/1.1\r\nHost: x\r\n\r\n,late');
    expect(hub.connections.size).toBe(0);
  });

  test('passes on at once what it does not know, and takes what it does (K1)', async () => {
    say('POST /events?subject=s.%3E HTTP/1.1\r\n');
    say('GET /events?subject=s.%3E HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n');
    await until('each is where it belongs', () => passedOn.join().startsWith('POST') && hub.connections.size === 1);
  });
});
