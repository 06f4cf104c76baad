// The settings of the station: one row, which is there from the first migration on.
import { radioSettings, radioSettingsInput, radioSettingsMessages, radioSettingsPatch } from '@longwave/contracts';
import { defineResource } from '../domain/resource.ts';

export const settings = defineResource({
  type: 'radio-settings',
  collection: 'radio-settings',
  table: 'radioSettings',
  noun: 'settings',
  contract: { input: radioSettingsInput, patch: radioSettingsPatch, answer: radioSettings },
  messages: radioSettingsMessages,
  refersTo: { fallbackShowId: 'show' },
  label: ({ stationName }) => stationName,
  programFields: ['timeZone', 'fallbackShowId'],
});
