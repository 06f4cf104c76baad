// `npm run streams -- …`: the topology for people. What it does, the library does; this file reads arguments and words
// the answers. `cli.ts` is the process around it.
import { parseArgs } from 'node:util';
import { ConfigError } from '@longwave/runtime';
import { applyTopology, planTopology, type TopologyTarget } from './apply-topology.ts';
import { checkDrift } from './check-drift.ts';
import { describeChange } from './describe-change.ts';
import { StreamsError } from './streams-error.ts';
import { targetFromEnvironment } from './target-from-environment.ts';

export const exitCodes = { done: 0, failed: 1, usage: 2, drift: 3, wouldLose: 4, unreachable: 5, config: 78 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export type CommandContext = {
  readonly environment: NodeJS.ProcessEnv;
  readonly print: (line: string) => void;
  readonly complain: (line: string) => void;
  /** How long to wait for the server. */
  readonly withinMs?: number;
};

export const usage = `The streams and durable consumers of Longwave on a nats-server.

  npm run streams -- plan     prints what apply would do, and what that would lose; changes nothing
  npm run streams -- apply    makes the server agree with infra/streams/src/topology.ts; repeat it as you like
  npm run streams -- drift    prints where the server differs

How a stream changes
  1. Edit infra/streams/src/topology.ts, with the reason beside the setting.
  2. plan shows what the server has now and will have then.
  3. apply does it. It refuses, before it changes anything, what would lose messages: a shorter age or a smaller
     limit, a subject or a replica less, another kind of retention, anything that needs a new stream or consumer.
     apply --allow-loss does it nevertheless. Streams and consumers that the topology does not name are never touched.

Environment
  NATS_HOST (127.0.0.1), NATS_PORT (4222)   the server, or any one of a cluster
  STREAM_REPLICAS (1)                       3 in a cluster of three
  STREAM_BYTES_MAX                          e.g. events=10737418240,resource=5368709120; what is not named is unlimited

Exit code: 0 done, 1 failed, 2 wrong arguments, 3 the server differs (drift), 4 refused because something would be
lost, 5 no nats-server with JetStream answers, 78 the environment is wrong.`;

/** Never throws what a person can do something about: that is worded and becomes an exit code. */
export async function runStreamsCommand(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  try {
    return await run(argv, context);
  } catch (error) {
    const code = exitCodeOf(error);
    if (code === undefined || !(error instanceof Error)) throw error;
    context.complain(error.message);
    if (code === exitCodes.usage) context.complain('npm run streams -- --help explains all of it.');
    return code;
  }
}

async function run(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { help, allowLoss, commands } = parseArguments(argv);
  const [command, ...rest] = commands;
  if (help) {
    context.print(usage);
    return exitCodes.done;
  }
  if (rest.length > 0) throw new UsageError(`there is one command at a time, not also ${rest.join(' ')}`);
  if (allowLoss && command !== 'apply') throw new UsageError('--allow-loss is for apply');
  const { withinMs } = context;
  const target = { ...targetFromEnvironment(context.environment), ...(withinMs === undefined ? {} : { withinMs }) };
  switch (command) {
    case 'plan':
      return plan(target, context);
    case 'apply':
      return apply({ ...target, allowLoss }, context);
    case 'drift':
      return drift(target, context);
    case undefined:
      throw new UsageError('say what to do: plan, apply or drift');
    default:
      throw new UsageError(`there is no "${command}": plan, apply or drift`);
  }
}

async function plan(target: TopologyTarget, { print }: CommandContext): Promise<ExitCode> {
  const changes = await planTopology(target);
  for (const change of changes) {
    print(describeChange(change));
    for (const loss of change.losses) print(`  LOSES ${loss}`);
  }
  if (changes.length === 0) print('nothing to do');
  return exitCodes.done;
}

async function apply(target: TopologyTarget & { allowLoss: boolean }, { print }: CommandContext): Promise<ExitCode> {
  const changes = await applyTopology({ ...target, log: print });
  if (changes.length === 0) print('nothing to do');
  return exitCodes.done;
}

async function drift(target: TopologyTarget, { print }: CommandContext): Promise<ExitCode> {
  const { differences, unmanaged } = await checkDrift(target);
  for (const line of differences) print(line);
  for (const line of unmanaged) print(`unmanaged: ${line}`);
  if (differences.length > 0) return exitCodes.drift;
  print('no drift');
  return exitCodes.done;
}

/** The arguments make no sense; the message says which do. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}

function parseArguments(argv: readonly string[]): { help: boolean; allowLoss: boolean; commands: readonly string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: { help: { type: 'boolean', short: 'h' }, 'allow-loss': { type: 'boolean' } },
      allowPositionals: true,
    });
    return { help: values.help === true, allowLoss: values['allow-loss'] === true, commands: positionals };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function exitCodeOf(error: unknown): ExitCode | undefined {
  if (error instanceof UsageError) return exitCodes.usage;
  if (error instanceof ConfigError) return exitCodes.config;
  if (!(error instanceof StreamsError)) return undefined;
  switch (error.code) {
    case 'would-lose-messages':
      return exitCodes.wouldLose;
    case 'server-unreachable':
    case 'jetstream-disabled':
      return exitCodes.unreachable;
    case 'invalid-topology':
      return exitCodes.config;
    case 'not-a-cluster':
    case 'refused-by-server':
    case 'not-settled':
      return exitCodes.failed;
  }
}
