// `npm run format`: writes every file as the formatter wants it. `npm run check` only looks.
import { runCommand } from './run-command.ts';

await runCommand('oxfmt', '.');
if (process.connected) process.disconnect();
