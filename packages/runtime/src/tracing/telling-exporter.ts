// An exporter that says in the log when spans get lost, once for each time that begins, and when it is over: a backend
// that is away for an hour is one line, not a thousand.
import { ExportResultCode, type ExportResult } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';

export type ExportTrouble =
  | { readonly state: 'failing'; readonly reason: string }
  | { readonly state: 'over'; readonly lost: number };

export function tellingExporter(exporter: SpanExporter, tell: (trouble: ExportTrouble) => void): SpanExporter {
  let isFailing = false;
  let lost = 0;
  const heed = (spans: readonly ReadableSpan[], { code, error }: ExportResult): void => {
    if (code === ExportResultCode.SUCCESS) {
      if (isFailing) tell({ state: 'over', lost });
      isFailing = false;
      lost = 0;
      return;
    }
    lost += spans.length;
    if (!isFailing) tell({ state: 'failing', reason: error?.message ?? 'for no reason that is known' });
    isFailing = true;
  };
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        heed(spans, result);
        done(result);
      }),
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}
