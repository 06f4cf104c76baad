// What is so for the whole station. There is one, with the id 1, and it cannot be made or deleted.
import { z } from 'zod';
import { optionalIdOf, resourceContract } from './resource-contract.ts';
import { resourceMessages } from './resource-messages.ts';
import { line } from './text.ts';

export const RADIO_SETTINGS_ID = 1;

/** An IANA name that this machine's tables know; an offset such as `+01:00` has no daylight saving and is refused. */
export const timeZone = z
  .string()
  .max(64)
  .regex(/^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/, {
    error: 'an IANA time zone such as Europe/Vienna',
    abort: true,
  })
  .refine(isTimeZone, 'an IANA time zone such as Europe/Vienna')
  .meta({
    description: 'The IANA time zone in which schedules are meant. It cannot change once there are timeslots',
    example: 'Europe/Vienna',
  });

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    // RangeError is the only failure, and the answer.
    return false;
  }
}

const fields = {
  stationName: line(255).meta({ example: 'Radio Longwave' }),
  timeZone,
  fallbackShowId: optionalIdOf('show', 'The show that fills the gaps of the program'),
};

export const {
  input: radioSettingsInput,
  patch: radioSettingsPatch,
  answer: radioSettings,
} = resourceContract('RadioSettings', {
  says: 'the settings of the station',
  fields,
  example: {
    id: RADIO_SETTINGS_ID,
    stationName: 'Radio Longwave',
    timeZone: 'Europe/Vienna',
    fallbackShowId: 123,
    createdAt: '2026-11-21T12:00:00.000Z',
    updatedAt: '2026-11-21T12:00:00.000Z',
  },
  patchExample: { fallbackShowId: 123 },
});

export type RadioSettings = z.infer<typeof radioSettings>;

export const radioSettingsMessages = resourceMessages(
  'steering',
  'radio-settings',
  z.int().positive(),
  RADIO_SETTINGS_ID,
  'radio-settings',
);
