// Which stream keeps which subjects. The settings of each stream are in infra/streams; the names are here because
// producers, consumers and browsers all say them.

export const streamSubjects = {
  resource: 'resource.>',
  program: 'program.>',
  events: 'longwave.v1.events.>',
  notification: 'notification.>',
  queue: 'queue.>',
  'dead-letter': 'dead-letter.>',
} as const;

export type StreamName = keyof typeof streamSubjects;

/** The streams, in the order in which documents list them. */
// Object.keys forgets which keys they are.
export const streamNames = Object.keys(streamSubjects) as readonly StreamName[];
