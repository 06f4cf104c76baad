// The command within the test's own process: what it prints, what it complains of, how it ends.
import { exitCodes, type ExitCode } from '../../src/command-context.ts';
import { runLongwaveCommand } from '../../src/longwave-command.ts';
import type { Broker } from '@longwave/streams/testing';

export { exitCodes };

export type Ended = { readonly code: ExitCode; readonly output: string; readonly errors: string };

/** `answer`: what somebody at the terminal says; null: nobody is there. */
export async function runCommand(
  broker: Pick<Broker, 'settings'>,
  argv: readonly string[],
  { answer = null, columns = null }: { readonly answer?: string | null; readonly columns?: number | null } = {},
): Promise<Ended> {
  const [output, errors]: [string[], string[]] = [[], []];
  const code = await runLongwaveCommand(argv, {
    environment: broker.settings,
    print: (text) => output.push(text),
    complain: (text) => errors.push(text),
    ask: async () => answer,
    now: () => new Date(),
    actor: 'user:ada',
    columns,
  });
  return { code, output: output.join('\n'), errors: errors.join('\n') };
}
