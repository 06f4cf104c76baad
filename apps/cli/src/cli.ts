#!/usr/bin/env node
// The process behind `longwave …`: arguments, environment, terminal, exit code. See longwave-command.ts.
import { createInterface } from 'node:readline/promises';
import { userInfo } from 'node:os';
import { actorOf } from './actor.ts';
import { runLongwaveCommand } from './longwave-command.ts';

/** A terminal that nobody sits at cannot be asked. */
async function ask(question: string): Promise<string | null> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return null;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

// `longwave dlq list | head` ends the reader before the writer; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runLongwaveCommand(process.argv.slice(2), {
  environment: process.env,
  print: (text) => console.log(text),
  complain: (text) => console.error(text),
  ask,
  now: () => new Date(),
  actor: actorOf(() => userInfo().username, process.getuid?.()),
  columns: process.stdout.isTTY ? process.stdout.columns : null,
});
