// A service in a process of its own, for tests that kill it or ask how it ends.
import { fork, type ChildProcess } from 'node:child_process';

export type ForkedService = { readonly address: string; readonly process: ChildProcess };

const LISTENING_WITHIN_MS = 20_000;

/**
 * Runs `main` from its sources with nothing but `environment`, and resolves when it says where it listens: as its first
 * message, `{ address }`. Rejects when it ends instead, or has to be killed because it does neither. Whoever asked for
 * it ends it.
 */
export async function forkService(
  main: URL,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ForkedService> {
  const child = fork(main, {
    execArgv: ['--conditions=@longwave/source', '--disable-warning=ExperimentalWarning'],
    env: { PATH: process.env['PATH'], ...environment },
  });
  const { promise: address, resolve, reject } = Promise.withResolvers<string>();
  child.once('exit', (code, signal) =>
    reject(new Error(`${main.pathname} ended with ${code ?? signal} instead of listening`)),
  );
  child.once('message', (message: { readonly address: string }) => resolve(message.address));
  const deadline = setTimeout(() => child.kill('SIGKILL'), LISTENING_WITHIN_MS);
  try {
    return { address: await address, process: child };
  } finally {
    clearTimeout(deadline);
  }
}
