// `@longwave/bench-report`: what benchmarks with numbered goals share.
export { percentile } from './percentile.ts';
export { report } from './report.ts';
export { shown, type Goal, type Row } from './row.ts';
