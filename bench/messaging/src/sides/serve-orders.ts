// The side of a benchmark, in a process of its own: does what it is ordered, one order at a time, and reports.
import { type Measurement, type Order, orderSchema } from '../measurement.ts';

export type Works = Readonly<Record<string, (order: Order) => Promise<Measurement>>>;

/** Serves the process that forked this one, and goes when that goes. */
export function serveOrders(works: Works): void {
  process.on('message', (text) => {
    void answer(works, orderSchema.parse(text)).then((said) => process.send?.(said));
  });
  process.once('disconnect', () => process.exit());
  process.send?.({ ready: true });
}

async function answer(works: Works, order: Order): Promise<object> {
  try {
    const work = works[order.work];
    if (work === undefined) throw new Error(`this side knows no work ${order.work}`);
    return await work(order);
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
