// The process behind `npm run streams -- …`: arguments, environment, output, exit code. See streams-command.ts.
import { runStreamsCommand } from './streams-command.ts';

process.exitCode = await runStreamsCommand(process.argv.slice(2), {
  environment: process.env,
  print: (line) => console.log(line),
  complain: (line) => console.error(line),
  // Somebody is waiting; `npm start` brings a server up in much less.
  withinMs: 10_000,
});
