// What the broker's errors mean to whoever types a command, and what to do next.
import { PublishError, StreamUnavailableError } from '@longwave/messaging';
import { CommandError } from './command-context.ts';

/** Errors of the broker as CommandErrors; any other as it is. */
export function inWordsOfTheBroker(error: unknown, { NATS_HOST, NATS_PORT }: NodeJS.ProcessEnv): unknown {
  if (!(error instanceof StreamUnavailableError) && !(error instanceof PublishError)) return error;
  if (error.code === 'no-such-stream') {
    const message = 'This nats-server has no streams of Longwave. npm run streams -- apply makes them.';
    return new CommandError(message, { cause: error });
  }
  if (error.code === 'refused') {
    return new CommandError(`nats-server refuses it: ${error.message}. Nothing was lost.`, { cause: error });
  }
  const where = `${NATS_HOST ?? '127.0.0.1'}:${NATS_PORT ?? '4222'}`;
  const advice = 'Start it (npm start brings one), or say where it is with NATS_HOST and NATS_PORT.';
  const message = `No nats-server answers at ${where}. ${advice} Then do the same again: nothing is done twice.`;
  return new CommandError(message, { cause: error });
}
