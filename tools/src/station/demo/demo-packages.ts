// The packages of the demo station's playout devices.
import type { PackageInput } from '@longwave/contracts';

export const demoPackages: readonly {
  readonly name: string;
  readonly version: string;
  readonly input: PackageInput;
}[] = [
  { name: 'codec-pack', version: '2.1.0', input: { description: 'Opus, FLAC and MP3', vendor: 'Longwave' } },
  {
    name: 'playout-engine',
    version: '1.4.0',
    input: {
      description: 'Plays what the program says',
      vendor: 'Longwave',
      dependencies: [{ name: 'codec-pack', range: '^2.1.0' }],
    },
  },
  {
    name: 'studio.clock',
    version: '1.0.0',
    input: { description: 'The clock on the studio wall', vendor: 'Longwave' },
  },
];
