// A browser's EventSource, as npm has it: reconnects by itself and resumes after the last id it saw. What it heard is
// kept, so that a test can ask what came once, twice or not at all.
import { EventSource } from 'eventsource';
import { until } from './until.ts';

export type Heard = { readonly subject: string; readonly id: string; readonly time: string; readonly message: unknown };

export type Listener = {
  readonly heard: readonly Heard[];
  readonly gaps: readonly string[];
  untilHeard(what: string, condition: (heard: readonly Heard[]) => boolean): Promise<void>;
  close(): void;
};

/** Resolves once the stream is open, so that what happens from now on is heard. */
export async function listen(stationUrl: string, ...subjects: readonly string[]): Promise<Listener> {
  const query = new URLSearchParams(subjects.map((subject): [string, string] => ['subject', subject]));
  const source = new EventSource(`${stationUrl}/events?${query.toString()}`);
  const heard: Heard[] = [];
  const gaps: string[] = [];
  // What the proxy sends by its own contract; a test that gets something else fails on it.
  source.addEventListener('message', ({ data }) => heard.push(JSON.parse(data) as Heard));
  source.addEventListener('gap', ({ data }) => gaps.push(data));
  await until('the stream is open', () => source.readyState === source.OPEN);
  return {
    heard,
    gaps,
    untilHeard: (what, condition) => until(`heard: ${what}`, () => condition(heard)),
    close: () => source.close(),
  };
}
