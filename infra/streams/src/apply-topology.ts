// Makes a server keep what the topology says, and nothing else of what it has.
//
// S5  Applying is idempotent, and several may do it at once: whoever comes second finds it done.
// S6  More than one replica is refused on a server that stands alone: it would accept the update, and not recover the
//     stream after its next restart (seen on nats-server 2.14).
import { describeChange, describeLosses } from './describe-change.ts';
import { planChanges, type Change } from './plan.ts';
import { readServer } from './read-server.ts';
import { ApiError, withServer, type ServerAddress, type ServerConnection } from './server-connection.ts';
import type { ServerState } from './server-state.ts';
import type { Topology } from './settings.ts';
import { StreamsError } from './streams-error.ts';
import { longwaveTopology } from './topology.ts';

export type TopologyTarget = ServerAddress & {
  /** Default: the topology of Longwave, with `replicas` of each stream. */
  readonly topology?: Topology;
  /** Default: 1. Not heeded together with `topology`, which says it itself. */
  readonly replicas?: number;
};

/** Someone else changed something in between: look again. */
const LOOKS_MAX = 4;

const STREAM_NAME_IN_USE = 10_058;
const STREAM_NOT_FOUND = 10_059;
const CONSUMER_NOT_FOUND = 10_014;
const CONSUMER_EXISTS = 10_148;
const CONSUMER_DOES_NOT_EXIST = 10_149;
const OVERTAKEN: ReadonlySet<number> = new Set([
  STREAM_NAME_IN_USE,
  STREAM_NOT_FOUND,
  CONSUMER_NOT_FOUND,
  CONSUMER_EXISTS,
  CONSUMER_DOES_NOT_EXIST,
]);

/**
 * Resolves with what was done; nothing when all was well. Throws StreamsError: `would-lose-messages` (unless
 * `allowLoss`; nothing was changed then), `server-unreachable`, `jetstream-disabled`, `not-a-cluster`,
 * `refused-by-server`, `not-settled`, `invalid-topology`.
 */
export async function applyTopology(
  target: TopologyTarget & { readonly allowLoss?: boolean; readonly log?: (line: string) => void },
): Promise<readonly Change[]> {
  const { allowLoss = false, log = () => undefined } = target;
  const topology = topologyOf(target);
  return withServer(target, async (server) => {
    const done: Change[] = [];
    for (let look = 0; look < LOOKS_MAX; look += 1) {
      const changes = await plan(server, topology);
      if (changes.length === 0) return done;
      if (!allowLoss) refuseLosses(changes);
      for (const change of changes) {
        if (await carryOut(server, change)) {
          log(describeChange(change));
          done.push(change);
        }
      }
    }
    throw await notSettled(server, topology);
  });
}

/** What `applyTopology` would do now. Throws like it, but for losses, which the changes name. */
export async function planTopology(target: TopologyTarget): Promise<readonly Change[]> {
  return withServer(target, (server) => plan(server, topologyOf(target)));
}

export function topologyOf({ topology, replicas = 1 }: TopologyTarget): Topology {
  return topology ?? longwaveTopology({ replicas });
}

/** (S6) */
export function requireCluster(topology: Topology, { isClustered }: ServerState): void {
  const replicated = topology.streams.find((stream) => stream.num_replicas > 1);
  if (isClustered || replicated === undefined) return;
  const message = `${replicated.name} is to have ${replicated.num_replicas} replicas, but the server is not part of a cluster. Use 1, or point NATS_HOST at a cluster.`;
  throw new StreamsError('not-a-cluster', message);
}

async function plan(server: ServerConnection, topology: Topology): Promise<readonly Change[]> {
  const state = await readServer(server, topology);
  requireCluster(topology, state);
  return planChanges(topology, state);
}

/** (S2) */
function refuseLosses(changes: readonly Change[]): void {
  const losing = changes.filter(({ losses }) => losses.length > 0);
  if (losing.length === 0) return;
  const list = losing.map((change) => `  ${describeLosses(change)}`).join('\n');
  const message = `Nothing was changed, because this would be lost:\n${list}\nIf that is meant, say --allow-loss.`;
  throw new StreamsError('would-lose-messages', message);
}

/** False when somebody else was faster; the next look finds what is left to do. (S5) */
async function carryOut(server: ServerConnection, change: Change): Promise<boolean> {
  try {
    if (change.action === 'recreate') await remove(server, change);
    await (change.consumer === undefined ? putStream(server, change) : putConsumer(server, change));
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (OVERTAKEN.has(error.errorCode)) return false;
    const message = `The server refused to ${describeChange(change)}: ${error.message}. Nothing after it was changed; drift says what is in the way.`;
    throw new StreamsError('refused-by-server', message, { cause: error });
  }
}

async function remove(server: ServerConnection, { stream, consumer }: Change): Promise<void> {
  const endpoint = consumer === undefined ? `STREAM.DELETE.${stream}` : `CONSUMER.DELETE.${stream}.${consumer}`;
  await server.call(endpoint);
}

function putStream(server: ServerConnection, { stream, action, config }: Change): Promise<unknown> {
  return server.call(`STREAM.${action === 'update' ? 'UPDATE' : 'CREATE'}.${stream}`, config);
}

function putConsumer(server: ServerConnection, { stream, consumer, action, config }: Change): Promise<unknown> {
  // An update that says it is one never creates a consumer that was just deleted on purpose.
  const request = { stream_name: stream, config, action: action === 'update' ? 'update' : 'create' };
  return server.call(`CONSUMER.CREATE.${stream}.${consumer}`, request);
}

async function notSettled(server: ServerConnection, topology: Topology): Promise<StreamsError> {
  const left = (await plan(server, topology)).map(describeChange).join('; ');
  const message = `After ${LOOKS_MAX} attempts there is still to do: ${left}. Is another version of Longwave applying its own topology?`;
  return new StreamsError('not-settled', message);
}
