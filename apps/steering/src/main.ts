// The process of steering: environment and signals. What it does is in start.ts.
import { runService } from '@longwave/runtime';
import { config } from './config.ts';
import { start } from './start.ts';

await runService({ name: 'steering', config, start });
