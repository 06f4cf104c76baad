// The gateway as a process.
import { runService } from '@longwave/runtime';
import { config } from './config.ts';
import { start } from './start.ts';

await runService({ name: 'gateway', config, start });
