// The process: settings from the environment, signals, exit codes. Everything else is in start.ts.
import { runService } from '@longwave/runtime';
import { config } from './config.ts';
import { start } from './start.ts';

await runService({ name: 'audit-log', config, start });
