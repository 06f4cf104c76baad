// JetStream as the back-end of this package: one connection, and what each port needs of it.
import { jetstreamManager } from '@nats-io/jetstream';
import { MESSAGE_ID_HEADER } from '../contract/metadata.ts';
import { StreamUnavailableError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Backend, ExclusiveConsumers, LiveMessages, Publisher, StreamEditor } from '../ports.ts';
import { endsWithin, systemTime, type Time } from '../time.ts';
import { connectionWithin } from './connection-within.ts';
import { ConsumingStream } from './consuming-stream.ts';
import { createCrashRecords } from './crash-records.ts';
import { directGet } from './direct-get.ts';
import { createEditor } from './editor.ts';
import { createExclusiveConsumers } from './exclusive-puller.ts';
import { openLink, type Link } from './link.ts';
import { createLiveMessages } from './live-messages.ts';
import { JetStreamPublisher } from './publisher.ts';
import { createConsumers } from './puller.ts';
import { createReader } from './reader.ts';

const ANSWER_WITHIN_MS = 5_000;
/** A server that hangs would be noticed by its pings, half a minute later; nobody who stops waits for that. */
const FLUSH_WITHIN_MS = 2_000;

/** Returns at once; the broker may come later. `name` is shown by the server's monitor. */
export function connectJetStream(options: {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly log: Log;
  readonly time?: Time;
}): JetStreamBackend {
  const { log, time = systemTime } = options;
  const link = openLink({ ...options, time });
  const publisher = new JetStreamPublisher(link, time, log);
  const records = new ConsumingStream(link, time);
  return {
    publisher: {
      publish: (message, how) => publisher.publish(message, how),
      lastIdOn: (subject) => lastIdOn(link, time, subject),
    },
    reader: createReader(link, log, time),
    consumers: createConsumers(link, log, time),
    exclusive: createExclusiveConsumers({ link, log, time }, records),
    crashes: createCrashRecords(records),
    live: createLiveMessages(link, log, time),
    editor: createEditor(link, time),
    link,
    state: () => link.state(),
    flush: async () => {
      const connection = link.connection();
      if (connection !== null) await endsWithin(time, FLUSH_WITHIN_MS, connection.flush());
    },
    close: async () => {
      publisher.close();
      await link.close();
    },
  };
}

/** The back-end, and the connection for the few things that are no port: nudges, and the provisioning of streams. */
export type JetStreamBackend = Backend & {
  readonly exclusive: ExclusiveConsumers;
  readonly live: LiveMessages;
  readonly editor: StreamEditor;
  readonly link: Link;
};

/** See `Publisher.lastIdOn`. The stream is asked for, not guessed: it is whichever takes the subject today. */
const lastIdOn = async (link: Link, time: Time, subject: string): ReturnType<Publisher['lastIdOn']> => {
  try {
    const connection = await connectionWithin(link, time, ANSWER_WITHIN_MS);
    const manager = await jetstreamManager(connection, { checkAPI: false, timeout: ANSWER_WITHIN_MS });
    const [stream] = await manager.streams.names(subject).next();
    if (stream === undefined) return null;
    const [last] = await directGet({ connection, time, stream, query: { last_by_subj: subject } });
    return last?.headers?.get(MESSAGE_ID_HEADER) || null;
  } catch (cause) {
    throw new StreamUnavailableError('broker-unavailable', subject, { cause });
  }
};
