// `npm run generate`: the database clients and the dashboard's page, made when they are out of date.
import { prepare } from './station/prepare.ts';

await prepare(['generate', '@longwave/dashboard#build']);
if (process.connected) process.disconnect();
