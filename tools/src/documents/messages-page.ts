// docs/messages.md: every message type for people. The same cards as the AsyncAPI document, in sentences and tables.
import { streamNames, streamSubjects } from '@longwave/contracts';
import { PAYLOAD_BYTES_MAX } from '@longwave/messaging/contract';
import { longwaveTopology } from '@longwave/streams';
import { describedHeaders } from './described-headers.ts';
import { fieldsOf } from './fields.ts';
import { anchor, code, details, fence, table } from './markdown.ts';
import type { MessageCard } from './message-card.ts';

export function messagesPage(cards: readonly MessageCard[]): string {
  return [
    head,
    table(
      ['type', 'says', 'sent by', 'read by'],
      cards.map((card) => [`[${titleOf(card)}](#${anchor(titleOf(card))})`, card.says, card.sender, readersOf(card)]),
    ),
    listening,
    '## What every message has',
    payload,
    table(
      ['header', 'says'],
      describedHeaders.map(({ name, says, always }) => [`${code(name)}${always ? '' : ' (optional)'}`, says]),
    ),
    foreign,
    '## Streams',
    table(['stream', 'subjects', 'keeps messages', 'durable consumers'], streamRows()),
    deadLetters,
    ...cards.map(section),
  ].join('\n\n');
}

const head = `<!-- Generated from packages/contracts by \`npm run documents\`; edit the contracts instead. -->

# Messages

What the services of a station tell each other. The same for machines: [asyncapi.json](asyncapi.json) (AsyncAPI 3.0).
How to add one: [CONTRIBUTING.md](../CONTRIBUTING.md#how-to-add-a-message-type).`;

const listening = `Read by: durable consumers, which miss nothing. Anybody else may listen, with a NATS client or over Server-Sent Events:

${fence('sh', "nats sub 'resource.steering.show.>'\ncurl -N 'http://localhost:8080/events?subject=resource.steering.show.%3E'")}`;

const payload = `A **subject**: tokens with dots between. A \`{parameter}\` is one token. What of an id is not a letter, a digit, \`_\` or \`-\` is
percent-encoded in it, so the version 1.4.0 is \`1%2E4%2E0\`.

A **payload** of UTF-8 JSON, at most ${PAYLOAD_BYTES_MAX / 1024} KiB: \`version\` (of the format of this type), \`createdAt\`, and \`data\` where
the type has any. New fields may appear in \`data\` at any time: ignore what you do not know.

A **key**: messages with the same key are about the same thing, and are in the order in which it changed. A message may
come twice; its id tells.

**Headers**, written as here; read their names without regard to case:`;

const foreign = `A message from a client that knows nothing of these headers is still a message: its subject says what it is, and its
place in the stream is its id.`;

const deadLetters = `A **dead letter** lies on \`dead-letter.<stream>.<group>\`: the bytes of the message that was given up, its headers as
\`lw-original-<name>\`, where it lay (\`lw-original-stream\`, \`-epoch\`, \`-sequence\`, \`-subject\`, \`-stored-at\`), and why
(\`lw-cause\`, \`lw-error\`, \`lw-stack\`, \`lw-attempts\`, \`lw-redrives\`, \`lw-first-failed-at\`, \`lw-last-failed-at\`). One that is
given back to its group lies on \`dead-letter.<stream>.<group>.redrive.<epoch>.<sequence>.<number>\` as the message it was:
its own headers and \`ce-id\`, another \`Nats-Msg-Id\`, where it lay, and \`lw-redrive\`, \`lw-redriven-at\`, \`lw-redriven-by\`. On
the same subject lies the note that it was discarded (\`lw-discard\`). What to do with them:
[dead letters](operations/dead-letters.md).`;

function streamRows(): readonly (readonly string[])[] {
  const { streams } = longwaveTopology();
  return streamNames.map((name) => {
    const stream = streams.find((candidate) => candidate.name === name);
    const consumers = (stream?.consumers ?? []).map((consumer) => consumer.name).toSorted();
    return [code(name), code(streamSubjects[name]), keptFor(stream?.max_age), consumers.join(', ') || '–'];
  });
}

const NANOSECONDS_PER_DAY = 86_400_000_000_000;

/** `max_age` is in nanoseconds; 0 is no limit, which is for work alone. */
function keptFor(maxAge = 0): string {
  return maxAge === 0 ? 'until they are handled' : `${maxAge / NANOSECONDS_PER_DAY} days`;
}

/** `ResourceCreated (show)`: the type's name, and of which resource where the name does not say it. */
function titleOf({ id, type }: MessageCard): string {
  return id === type.name ? id : `${type.name} (${id.split('.').at(-1) ?? ''})`;
}

function readersOf({ consumers }: MessageCard): string {
  return consumers.join(', ') || '–';
}

function section(card: MessageCard): string {
  const { type, says, stream, schema, definition, example } = card;
  return [
    `## ${titleOf(card)}`,
    `${says}.`,
    table(
      ['subject', code(type.subject.text)],
      [
        ['stream', code(stream)],
        ['key', `e.g. ${code(example.key)}`],
        ['sent by', card.sender],
        ['read by', readersOf(card)],
        ['version', String(type.version)],
      ],
    ),
    ...(schema === undefined ? [] : [table(['field of `data`', 'type', 'says'], fieldRows(schema))]),
    ...(definition === undefined ? [] : [fence('proto', definition.text)]),
    `For example, on ${code(example.subject)}:`,
    'base64' in example.payload
      ? fence('text', example.payload.base64)
      : fence('json', JSON.stringify(example.payload, null, 2)),
    details('its headers', fence('text', headerLines(example.headers))),
  ].join('\n\n');
}

function fieldRows(schema: NonNullable<MessageCard['schema']>): readonly (readonly string[])[] {
  return fieldsOf(schema).map(({ name, type, required, says }) => [
    `${code(name)}${required ? '' : ' (optional)'}`,
    type,
    says,
  ]);
}

function headerLines(headers: MessageCard['example']['headers']): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}
