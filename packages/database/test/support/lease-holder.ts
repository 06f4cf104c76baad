// A process that holds a lease until it is killed: `node lease-holder.ts <url> <name>`. Prints "held" when it has it.
import { holdLease } from '../../src/index.ts';

const [, , url = '', name = ''] = process.argv;

holdLease({
  url,
  name,
  onAcquired: () => void process.stdout.write('held\n'),
  onLost: () => process.exit(1),
  onError: (error) => void process.stderr.write(`${String(error)}\n`),
});
