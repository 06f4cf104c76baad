// Holds a stack still: no replica of steering writes, nothing is on its way (infra/compose/src/hold-writes.ts).
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { CommandError, type Stack } from './stack.ts';

export type WriteHold = {
  /** Lets writes go on. Throws CommandError when the hold was lost in between. */
  release(): Promise<void>;
};

/** `steering` is one of its containers. Resolves when all is still. Throws CommandError with what did not come to rest. */
export async function holdWrites(stack: Stack, steering: string): Promise<WriteHold> {
  const child = stack.spawnDocker('pipe', 'exec', '-i', steering, 'node', 'infra/compose/dist/hold-writes.js');
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new Error('the hold was started without pipes');
  const errors = text(stderr);
  const closed = once(child, 'close');
  for await (const line of createInterface({ input: stdout })) if (line.trim() === 'quiet') break;
  if (child.exitCode !== null) throw new CommandError(child.spawnargs, await errors);
  return {
    release: async () => {
      stdin.end();
      await closed;
      if (child.exitCode !== 0) throw new CommandError(child.spawnargs, await errors);
    },
  };
}
