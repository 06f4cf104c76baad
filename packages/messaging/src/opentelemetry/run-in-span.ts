// Work within a span: what it starts meanwhile belongs to the span, and its end is the span's end.
import { context, SpanStatusCode, trace, type Context, type Span } from '@opentelemetry/api';
import { errorTypeOf } from '../observe/error-type.ts';
import { ERROR_TYPE } from './attributes.ts';

/** Rejects with what `work` threw. `parent`: the context that the span was started in. */
export async function runInSpan<Result>(
  span: Span,
  parent: Context,
  work: () => Result | Promise<Result>,
  fail: (span: Span, error: unknown) => void = markFailed,
): Promise<Result> {
  try {
    return await context.with(trace.setSpan(parent, span), work);
  } catch (error) {
    fail(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** The text of the error stays in the log: it may hold what nobody may see. (X5) */
export function markFailed(span: Span, error: unknown, errorType = errorTypeOf(error)): void {
  span.setAttribute(ERROR_TYPE, errorType);
  span.setStatus({ code: SpanStatusCode.ERROR });
}
