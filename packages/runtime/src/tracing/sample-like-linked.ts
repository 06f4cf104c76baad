// Which traces are kept: all of one, or nothing. A span that has a parent is kept like that; one that begins a trace of
// its own because of others (the sending of what was written before, a batch) is kept if one of those is; what begins
// by itself is kept by chance.
import { TraceFlags, type Context } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  type Sampler,
} from '@opentelemetry/sdk-trace';

/** `ratio`: of the traces that begin here, 0 to 1. */
export function sampleLikeLinked(ratio: number): Sampler {
  const on = new AlwaysOnSampler();
  const off = new AlwaysOffSampler();
  const byChance = new TraceIdRatioBasedSampler(ratio);
  const root: Sampler = {
    shouldSample: (parent: Context, traceId, _name, _kind, _attributes, links) => {
      if (links.length === 0) return byChance.shouldSample(parent, traceId);
      return isAnyKept(links.map(({ context }) => context.traceFlags)) ? on.shouldSample() : off.shouldSample();
    },
    toString: () => `LikeLinked{${byChance.toString()}}`,
  };
  return new ParentBasedSampler({ root });
}

function isAnyKept(flags: readonly TraceFlags[]): boolean {
  return flags.some((one) => (one & TraceFlags.SAMPLED) !== 0);
}
