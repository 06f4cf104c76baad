// A process of its own for the tests: starts both servers as the JSON of its argument says, prints one JSON line
// about them, and stops them when its standard input ends. Ignores Ctrl-C, as `npm start` does while it stops.
import { startNats } from '../src/start-nats.ts';
import { startPostgres } from '../src/start-postgres.ts';

type Options = { natsOptions: Parameters<typeof startNats>[0]; postgresOptions: Parameters<typeof startPostgres>[0] };

process.on('SIGINT', () => undefined);
const { natsOptions, postgresOptions }: Options = JSON.parse(process.argv[2] ?? '{}');
const [nats, postgres] = await Promise.all([startNats(natsOptions), startPostgres(postgresOptions)]);
process.stdout.write(`${JSON.stringify({ nats, postgres })}\n`);
for await (const _ of process.stdin);
await Promise.all([nats.stop(), postgres.stop()]);
