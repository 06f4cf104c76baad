// From a change over REST to the event in a browser, one change at a time: latency, not throughput.
import { EventSource } from 'eventsource';

export type Latencies = {
  /** From the answer in hand, which is after the commit, to the event in hand. Negative when the event was first. */
  readonly answeredToHeard: readonly number[];
  readonly sentToHeard: readonly number[];
};

export async function commitToEventMs(stationUrl: string, count: number): Promise<Latencies> {
  const source = new EventSource(`${stationUrl}/events?subject=resource.steering.show.*.created`);
  await new Promise((resolve, reject) => {
    source.addEventListener('open', resolve);
    source.addEventListener('error', reject);
  });
  const answeredToHeard: number[] = [];
  const sentToHeard: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const heard = new Promise<number>((resolve) => {
      source.addEventListener('message', () => resolve(performance.now()), { once: true });
    });
    const sentAt = performance.now();
    const response = await fetch(`${stationUrl}/steering/api/v1/shows/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: `Bench ${index}` }),
    });
    await response.arrayBuffer();
    const answeredAt = performance.now();
    if (response.status !== 201) throw new Error(`a show was answered ${response.status}`);
    const heardAt = await heard;
    answeredToHeard.push(heardAt - answeredAt);
    sentToHeard.push(heardAt - sentAt);
  }
  source.close();
  return { answeredToHeard, sentToHeard };
}
