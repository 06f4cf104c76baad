// What each problem code means and what to do about it. Which routes answer a code is not said here: that is read off
// the services. What is answered before a route is reached has no such place, so it is listed here, and a test holds the
// lists against the sources.

export type Advice = { readonly says: string; readonly next: string };

/** A status and a code that is answered before, or beside, any route. */
export type GeneralProblem = { readonly status: number; readonly code: string };

/** By the runtime that every service is built on. */
export const problemsOfEveryService: readonly GeneralProblem[] = [
  { status: 400, code: 'invalid-body' },
  { status: 400, code: 'invalid-header' },
  { status: 400, code: 'invalid-http' },
  { status: 400, code: 'invalid-json' },
  { status: 400, code: 'invalid-path' },
  { status: 400, code: 'invalid-query' },
  { status: 403, code: 'cross-origin-refused' },
  { status: 404, code: 'not-found' },
  { status: 405, code: 'method-not-allowed' },
  { status: 406, code: 'not-acceptable' },
  { status: 408, code: 'request-timeout' },
  { status: 413, code: 'body-too-large' },
  { status: 414, code: 'uri-too-long' },
  { status: 415, code: 'unsupported-media-type' },
  { status: 431, code: 'headers-too-large' },
  { status: 500, code: 'internal' },
];

/** By the gateway itself, instead of a service or the dashboard's page. */
export const problemsOfTheGateway: readonly GeneralProblem[] = [
  { status: 400, code: 'invalid-http' },
  { status: 400, code: 'invalid-path' },
  { status: 400, code: 'no-websockets' },
  { status: 404, code: 'not-found' },
  { status: 405, code: 'method-not-allowed' },
  { status: 412, code: 'precondition-failed' },
  { status: 421, code: 'misdirected-request' },
  { status: 500, code: 'internal' },
  { status: 502, code: 'upstream-failed' },
  { status: 503, code: 'dashboard-not-built' },
  { status: 503, code: 'upstream-unavailable' },
  { status: 504, code: 'upstream-timeout' },
  { status: 508, code: 'loop-detected' },
];

const repeat = 'Send the same request again after `Retry-After`';
const correct = 'Correct what `errors` or `detail` names';

export const adviceByCode: Readonly<Record<string, Advice>> = {
  'body-too-large': { says: 'The body is larger than the route takes', next: 'Send less; `bytesMax` is the limit' },
  'cross-origin-refused': {
    says: "A foreign page made a visitor's browser send this",
    next: 'Send it from a page of the same origin',
  },
  'dashboard-not-built': { says: 'The page was never built', next: 'Run `npm start`, or set `DASHBOARD_DIRECTORY`' },
  'database-unavailable': {
    says: 'The database does not answer. A write may have happened if the connection broke at the very end',
    next: `${repeat}, with the same \`Idempotency-Key\``,
  },
  'forbidden-subject': { says: 'Not everybody may hear this subject', next: 'Ask for less, or the operator' },
  'headers-too-large': { says: 'The headers are longer than a server reads', next: 'Send fewer or shorter ones' },
  'impossible-times': {
    says: 'Dates, times or the rule are well-formed and make no sense, or reach too far',
    next: '`errors` says what is wrong with which field',
  },
  'idempotency-key-reused': {
    says: 'The key was used with another body',
    next: 'Use a new key for a new request',
  },
  'illegal-filter': { says: 'A subject filter is none', next: '`*` is one token, a final `>` is all the rest' },
  'in-use': { says: 'Others refer to it', next: 'Change those in `dependents` first' },
  internal: {
    says: 'A fault of ours. Whether the request was carried out is not known',
    next: 'Report `instance`: it finds the line in the log',
  },
  'invalid-body': { says: 'The body is JSON, but not what the route takes', next: correct },
  'invalid-cursor': {
    says: 'The cursor is none, or belongs to another list, filter or order',
    next: 'Start again without it, and take cursors from `next` or `id` only',
  },
  'invalid-header': { says: 'A header of the request is wrong', next: correct },
  'invalid-http': { says: 'The request is not HTTP', next: 'Use an HTTP client' },
  'invalid-json': { says: 'The body is not JSON in UTF-8', next: 'Send JSON' },
  'invalid-path': { says: 'A part of the path is wrong', next: correct },
  'invalid-query': { says: 'A parameter is wrong, unknown, or there twice', next: correct },
  'invalid-ticket': {
    says: 'The ticket was used, is too old, or is of another process',
    next: 'Ask for another one, and say where you were with `lastEventId`',
  },
  'loop-detected': {
    says: 'The request came through this gateway before',
    next: 'Correct the upstream addresses of the gateway',
  },
  'method-not-allowed': { says: 'The route is there, but not for this method', next: '`Allow` lists the methods' },
  'misdirected-request': {
    says: 'The gateway is not known by the name in `Host`',
    next: 'Name it in `PUBLIC_URL`, if it should be',
  },
  'missing-filter': { says: 'No subject was asked for', next: 'Say at least one: `?subject=resource.%3E`' },
  'no-snapshot': {
    says: 'These subjects are not announced as a whole',
    next: 'Leave out `snapshot`; begin with `since` or `last`',
  },
  'no-such-entry': { says: 'No entry of the log has this number, yet', next: 'Look at the newest entries' },
  'no-such-stream': { says: 'No stream has this subject', next: 'See the [streams](messages.md#streams)' },
  'no-websockets': { says: 'There are no WebSockets here', next: 'Use Server-Sent Events: `GET /events`' },
  'not-acceptable': {
    says: '`Accept` leaves out what is answered here',
    next: 'Accept JSON (`/events`: `text/event-stream`)',
  },
  'not-found': {
    says: 'There is no such route',
    next: 'See `/<service>/docs`; paths end with a slash where it says so',
  },
  overloaded: { says: 'As many clients as can be served, or going down', next: repeat },
  'package-not-found': {
    says: 'No package of this name and version is known in this namespace, yet',
    next: 'Look at the name, the version and the namespace; if it was only just put there, try again in a moment',
  },
  'precondition-failed': {
    says: 'It is not in the state that `If-Match` or `If-None-Match` asked for',
    next: 'Read it again, decide again, and send the new `ETag`',
  },
  'predecessor-cycle': { says: 'The show would be its own predecessor', next: 'Choose another predecessor' },
  'request-timeout': { says: 'The request took too long to arrive', next: 'Send it again' },
  'category-not-found': { says: 'There is no such category', next: 'It may have been deleted; read the list' },
  'episode-not-found': { says: 'There is no such episode', next: 'It may have been deleted; read the list' },
  'media-not-found': { says: 'There is no such media', next: 'It may have been deleted; read the list' },
  'profile-not-found': { says: 'There is no such profile', next: 'It may have been deleted; read the list' },
  'radio-settings-not-found': {
    says: 'The settings of the station are not there',
    next: 'Somebody has edited the database by hand: put the row back that the migration made',
  },
  'repetition-chain': {
    says: 'A schedule would repeat itself, or a repetition, or is repeated by others itself',
    next: 'Repeat the original',
  },
  'repetition-too-early': {
    says: 'A repetition would begin before its original has ended',
    next: 'Choose a later time',
  },
  'schedule-conflict': {
    says: 'Other timeslots are at the times of this schedule',
    next: 'Send the same request with `solutions`: for each hash one of its `solutionChoices`',
  },
  'schedule-moved': { says: 'A schedule stays with its show', next: 'Make another schedule for the other show' },
  'schedule-not-found': { says: 'There is no such schedule', next: 'It may have been deleted; read the list' },
  'show-not-found': { says: 'There is no such show', next: 'It may have been deleted; read the list' },
  'slug-taken': { says: 'Another show has this slug', next: 'Choose another, or leave it out to be given one' },
  'streams-unavailable': { says: 'The streams cannot be read at the moment', next: repeat },
  'subject-too-long': { says: 'The ids make the subject of its message too long', next: 'Shorten the name' },
  'ticket-has-subjects': { says: 'A ticket knows its subjects', next: 'Leave out `subject`' },
  'time-zone-fixed': {
    says: 'There are timeslots, which were planned in the present time zone',
    next: 'Delete the schedules first, or leave the time zone',
  },
  'timeslot-not-found': { says: 'There is no such timeslot', next: 'It may have been deleted; read the list' },
  'timeslot-overlap': {
    says: 'A timeslot was to be moved to where others are',
    next: 'Move or delete those that `collisions` lists, or choose another time',
  },
  'too-busy': { says: 'Others kept changing the same things at the same moment. Nothing was changed', next: repeat },
  'too-many-filters': {
    says: 'More subjects than one connection may follow',
    next: 'Use wider filters, or two connections',
  },
  'too-many-streams': {
    says: 'The filters reach into more streams than one connection follows',
    next: 'Open one for each',
  },
  'too-many-tickets': { says: 'Too many tickets wait to be used', next: repeat },
  'two-beginnings': { says: 'A stream begins in one place', next: 'Choose one of `since`, `last` and `snapshot`' },
  'unknown-reference': {
    says: 'The body refers to something that is not there',
    next: '`errors` lists which fields lead nowhere; correct those',
  },
  'unsupported-media-type': { says: 'The body is of another type or compressed', next: '`Accept` lists the types' },
  'upstream-failed': {
    says: 'The service broke off. Whether the request was carried out is not known',
    next: `${repeat}, with the same \`Idempotency-Key\`; or look`,
  },
  'upstream-timeout': {
    says: 'The service did not answer in time. Whether the request was carried out is not known',
    next: `${repeat}, with the same \`Idempotency-Key\`; or look`,
  },
  'upstream-unavailable': { says: 'The service is not there at the moment. Nothing was done', next: repeat },
  'uri-too-long': { says: 'The address is longer than a server reads', next: 'Ask for less' },
  'writes-paused': { says: 'A backup is being taken, which takes seconds. Nothing was changed', next: repeat },
};

/** The codes in `errors` of an `invalid-…` problem: one for each thing that is wrong. */
export const itemCodes: Readonly<Record<string, string>> = {
  duplicate_name: 'A name is there twice in one object',
  inexact_number: 'A number beyond ±(2^53 − 1), which readers would round; send it as a string',
  invalid: 'A rule that has no code of its own; `detail` says it',
  invalid_element: 'An element of a collection is wrong',
  invalid_encoding: 'A broken % escape',
  invalid_format: 'Not of the form that is asked for, e.g. no address, no time',
  invalid_key: 'The name of a member is wrong',
  invalid_union: 'None of the forms that are allowed',
  lone_surrogate: 'Half of a surrogate pair: no Unicode text',
  not_allowed: 'None of the values that are allowed',
  not_multiple_of: 'Not a multiple of what is asked for',
  nul_character: 'U+0000, which no database keeps',
  repeated: 'A parameter that may be there once is there again',
  required: 'It is missing',
  too_deep: 'Nested deeper than anything sensible',
  too_few: 'Fewer elements than are needed',
  too_large: 'A number above the limit',
  too_long: 'Text with more characters than are allowed',
  too_many: 'More elements than are allowed',
  too_short: 'Text with fewer characters than are needed',
  too_small: 'A number below the limit',
  unknown_field: 'There is no such field or parameter',
  wrong_type: 'A value of another type than is asked for',
};
