// What each error of `@longwave/messaging` means to who catches it, and what each cause of a dead letter means to who finds
// it. The compiler asks for an entry for every code that a type names; a test finds the classes.
import type { BufferErrorCode } from '@longwave/messaging/buffer';
import type { PublishError, StreamUnavailableError, TooManySubjectsError } from '@longwave/messaging';
import type { DecodeFailure, PayloadTooLargeError, SubjectErrorCode } from '@longwave/messaging/contract';
import type { CallErrorCode, ReplyError } from '@longwave/messaging/request';
import type { IncompatibleContractError } from '@longwave/messaging/testing';
import type { Advice } from './problem-codes.ts';

type Codes<Code extends string> = Readonly<Record<Code, Advice>>;

const shorten = 'Shorten the ids in it: a subject has at most 255 bytes';
const again = 'Send it again, with the same id';

const ofSubjects: Codes<SubjectErrorCode> = {
  'empty-token': { says: 'An id in a subject is empty', next: 'Give it one' },
  'ill-formed-text': { says: 'An id has half a surrogate pair: no Unicode text', next: 'Correct the text' },
  'illegal-filter': { says: 'A subject filter is none', next: '`*` is one token, a final `>` is all the rest' },
  'illegal-id': { says: 'A message id that no header can have', next: 'Use a UUID' },
  'illegal-key': {
    says: 'A key is empty, too long, or has control characters',
    next: 'Refuse the input that it was made of',
  },
  'illegal-name': {
    says: 'No stream, consumer, instance, replica or queue group can be called so',
    next: '1 to 64 of A–Z a–z 0–9 _ -; names never come from input',
  },
  'illegal-reply-subject': {
    says: 'Replies are not sent there',
    next: 'Keep the `replyTo` of a request as it is; a request without one has nowhere to be answered',
  },
  'illegal-token': { says: 'A token that encoding would not have made', next: 'Build subjects by their template' },
  'subject-too-long': { says: 'A subject is above 255 bytes', next: shorten },
};

const ofPublishing: Codes<PublishError['code']> = {
  refused: {
    says: 'This message can never be stored, as it is',
    next: 'Correct it; the reason says what is wrong, with the code of the stream',
  },
  unavailable: { says: 'It was not stored: the broker was away, or no stream took it', next: again },
  unknown: { says: 'It may have been stored: nobody has heard', next: `${again}: it is stored once` },
};

const ofStreams: Codes<StreamUnavailableError['code']> = {
  'broker-unavailable': { says: 'The broker does not answer', next: 'Try again when it is back' },
  'no-such-stream': { says: 'There is no such stream', next: '`npm run streams -- apply`' },
};

const ofCalls: Codes<CallErrorCode> = {
  aborted: { says: 'Its caller has given it up', next: 'Nothing; it may have been handled' },
  'bad-reply': { says: 'What came back is no reply to it', next: 'Look who answers there; it may have been handled' },
  disconnected: {
    says: 'The connection was lost before an answer came',
    next: 'Ask again if that does no harm; a contract that says `idempotent` does so by itself',
  },
  'no-responders': { says: 'Nobody serves it there', next: 'Start that service, or correct its name' },
  stopped: { says: 'This process stops', next: 'Ask again after it has started' },
  timeout: { says: 'Nobody has answered in time', next: 'Ask again if that does no harm' },
  'too-many-in-flight': { says: 'As many as allowed wait for their replies', next: 'Ask more slowly' },
  unavailable: { says: 'It was never sent: the broker was away', next: 'Ask again' },
  unsendable: { says: 'It can never be sent as it is', next: 'Correct it; the reason says what is wrong' },
};

const ofBuffers: Codes<BufferErrorCode> = {
  'buffer-closed': { says: 'The buffer is closed', next: 'Publish before it is' },
  'buffer-disk-failed': { says: 'The disk failed or is full', next: 'Mend it; the message is still yours' },
  'buffer-format-unknown': { says: 'A later version wrote this folder', next: 'Run that version' },
  'buffer-full': { says: 'There is no room until the broker is back', next: 'Wait, or choose `drop-oldest`' },
  'buffer-locked': { says: 'Another process has the folder', next: 'Give each process its own' },
};

/** By the class that carries them. */
export const messagingCodes: Readonly<Record<string, Readonly<Record<string, Advice>>>> = {
  SubjectError: ofSubjects,
  PayloadTooLargeError: {
    'payload-too-large': { says: 'A payload is above 512 KiB', next: 'Send less, or where it can be fetched' },
  } satisfies Codes<PayloadTooLargeError['code']>,
  PublishError: ofPublishing,
  StreamUnavailableError: ofStreams,
  TooManySubjectsError: {
    'too-many-subjects': { says: 'More subjects match than are wanted', next: 'Ask with narrower filters' },
  } satisfies Codes<TooManySubjectsError['code']>,
  BufferError: ofBuffers,
  CallError: ofCalls,
  ReplyError: {
    refused: {
      says: 'It was answered, with a `status` that is no success',
      next: 'Decide by `status` and `retryable`',
    },
  } satisfies Codes<ReplyError['code']>,
  TimeLimitError: {
    'time-limit': {
      says: 'A handler took longer than its limit',
      next: 'It is tried again; widen the limit if it must',
    },
  },
  IncompatibleContractError: {
    'incompatible-contract': {
      says: 'A contract does not read any more what was sent',
      next: 'Raise its version and add an upcast',
    },
  } satisfies Codes<IncompatibleContractError['code']>,
  ConfigError: {
    'config-invalid': {
      says: 'Settings are missing, wrong, or exclude each other, such as a second broker',
      next: 'Correct those that the message names, all at once',
    },
  },
};

const deploy = 'Deploy what reads it, then redrive';

/** The `lw-cause` of dead letters. */
export const deadLetterCodes: Codes<DecodeFailure['code'] | 'rejected' | 'attempts-exhausted' | 'crashed'> = {
  'attempts-exhausted': { says: 'Its handler failed every time', next: 'Mend what `lw-error` names, then redrive' },
  crashed: { says: 'Its handler ended the process', next: 'Mend the handler, then redrive' },
  'invalid-data': { says: 'Its data is not what its contract says', next: 'Tell its sender; discard' },
  'invalid-payload': { says: 'It is no message of ours: no version, no time, or cut short', next: 'Tell its sender' },
  'newer-version': { says: 'No deployment that reads it has come within an hour', next: deploy },
  'not-json': { says: 'Its contract says JSON, and it is none', next: 'Tell its sender; discard' },
  rejected: { says: 'Its handler will never take it', next: 'Read `lw-error`; discard, or mend and redrive' },
  'unexpected-content-type': {
    says: 'Its `ce-datacontenttype` is not that of its contract',
    next: `Tell its sender, or add the version that has it. ${deploy}`,
  },
  'unknown-type': { says: 'No contract has its subject', next: 'Narrow the filter of the consumer, or add the type' },
};
