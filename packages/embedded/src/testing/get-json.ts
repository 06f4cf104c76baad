// Asking a service in a test: one GET, whatever it answers.

export type JsonAnswer = {
  readonly status: number;
  readonly headers: Headers;
  /** `{}` when there is none. */
  readonly body: Readonly<Record<string, unknown>>;
};

const ANSWER_WITHIN_MS = 30_000;

/** Rejects when nobody answers in time, or with something other than JSON. */
export async function getJson(url: string, headers: Readonly<Record<string, string>> = {}): Promise<JsonAnswer> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
}
