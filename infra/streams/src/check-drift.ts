// Whether a server still keeps what the topology says: for a cron job, a deployment, a colleague.
import { topologyOf, type TopologyTarget } from './apply-topology.ts';
import { describeDifference } from './describe-change.ts';
import { planChanges, type Change } from './plan.ts';
import { readServer } from './read-server.ts';
import { withServer } from './server-connection.ts';
import { findUnmanaged } from './unmanaged.ts';

export type Drift = {
  /** One line each, `path: expected …, actual …`; empty when the server agrees. */
  readonly differences: readonly string[];
  /** What is in the way and not ours to remove. */
  readonly unmanaged: readonly string[];
};

/** Throws StreamsError: `server-unreachable`, `jetstream-disabled`, `refused-by-server`, `invalid-topology`. */
export async function checkDrift(target: TopologyTarget): Promise<Drift> {
  const topology = topologyOf(target);
  return withServer(target, async (server) => {
    const state = await readServer(server, topology);
    return {
      differences: planChanges(topology, state).flatMap(driftOf),
      unmanaged: findUnmanaged(topology, state),
    };
  });
}

function driftOf({ action, stream, consumer, differences }: Change): readonly string[] {
  const path = consumer === undefined ? stream : `${stream}/${consumer}`;
  if (action === 'create') return [`${path}: expected to be there, actual missing`];
  return differences.map((difference) => describeDifference(path, difference));
}
