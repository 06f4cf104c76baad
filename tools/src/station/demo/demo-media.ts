// What the demo station plays: inputs of its studios for what is live, files, playlists and structured audio for what is
// not. The addresses lead nowhere.
import type { MediaInput } from '@longwave/contracts';

const live = (name: string, line: number): MediaInput => ({
  name,
  description: 'Live',
  playoutMode: 'linear',
  sources: [{ type: 'audio', source: `line://${line}`, durationSeconds: null }],
});

const playlist = (name: string, path: string, playoutMode: 'linear' | 'random' = 'linear'): MediaInput => ({
  name,
  description: '',
  playoutMode,
  sources: [{ type: 'm3u', source: `file://playlists/${path}.m3u`, durationSeconds: null }],
});

/** A production with its jingle before it. */
const production = (name: string, path: string, durationSeconds: number): MediaInput => ({
  name,
  description: '',
  playoutMode: 'linear',
  sources: [
    { type: 'audio', source: 'file://jingles/wave.flac', durationSeconds: 12.5 },
    { type: 'audio', source: `file://productions/${path}.flac`, durationSeconds },
  ],
});

/** By the keys that shows, schedules and episodes name them with. */
export const demoMedia = {
  'studio-1': live('Studio 1, live', 0),
  'studio-2': live('Studio 2, live', 1),
  'outside-broadcast': live('Outside broadcast van, live', 2),
  'between-tides': playlist('Music between the programs', 'between-tides', 'random'),
  'night-signals': playlist('Shortwave recordings', 'night-signals', 'random'),
  'slow-strings': playlist('Strings for a Sunday', 'slow-strings'),
  'quiet-room': playlist('The quiet room', 'quiet-room'),
  recordings: playlist('Recorded from the air', 'recorded/latest'),
  'sea-letters': {
    name: 'Letters from the sea, as structured audio',
    description: 'Voice and sea are mixed where it is played',
    playoutMode: 'linear',
    sources: [
      {
        type: 'aura-structuredaudio',
        source: 'https://audio.radio.example/sea-letters/latest.json',
        durationSeconds: null,
      },
    ],
  },
  'lab-notes': production('Lab notes, this week', 'lab-notes/latest', 3_480),
  'lab-notes-ice': production('Lab notes: What ice remembers', 'lab-notes/ice', 3_515),
  'dead-air': production('The Dead Air Society, this week', 'dead-air/latest', 3_540),
  'dead-air-lift': production('The Dead Air Society: Music in lifts', 'dead-air/lift', 3_552),
  'radio-drama': production('Radio drama of the month', 'drama/latest', 7_020),
  'radio-drama-lighthouse': production('The lighthouse keeper’s daughter', 'drama/lighthouse', 6_930),
  kinderkram: production('Kinderkram, diese Woche', 'kinderkram/latest', 3_420),
} as const satisfies Readonly<Record<string, MediaInput>>;

export type MediaKey = keyof typeof demoMedia;
