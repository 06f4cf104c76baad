// What a person reads when a station is up: where things are, and what to paste to see it work.
import type { Station } from './start-station.ts';

export function banner({ publicUrl, nats, postgres, services }: Station, stateDirectory: string): string {
  const nicePostgresUrl = new URL(postgres.url);
  const rows: readonly (readonly [string, string])[] = [
    ['dashboard', `${publicUrl}/`],
    ['steering', `${publicUrl}/steering/api/v1/shows/   API: ${publicUrl}/steering/docs`],
    ['program', `${publicUrl}/steering/api/v1/program/playout/`],
    ['resolver', `${publicUrl}/resolver/api/v1/packages/`],
    ['audit-log', `${publicUrl}/audit-log/api/v1/entries/`],
    ['sse-proxy', `${publicUrl}/events?subject=resource.%3E`],
    ['nats-server', `nats://${nats.host}:${nats.port}`],
    ['Postgres', `postgres://${nicePostgresUrl.host}`],
    ['logs', `${stateDirectory}/logs/ (${services.map(({ name }) => name).join(', ')})`],
  ];
  const table = rows.map(([what, where]) => `  ${what.padEnd(12)}${where}`).join('\n');
  return `
${table}

Try it. In one terminal, listen:

  curl -N '${publicUrl}/events?subject=resource.%3E'

In another, change something:

  curl -s ${publicUrl}/steering/api/v1/shows/ -H 'content-type: application/json' -d '{"name":"My first show"}'
  curl -s -X PUT ${publicUrl}/steering/api/v1/packages/a.b/1.0.0 -H 'content-type: application/json' -d '{"vendor":"me"}'

What is on in the next 24 hours, gaps included:

  curl -s ${publicUrl}/steering/api/v1/program/playout/

Then ask who heard of what changed:

  curl -s ${publicUrl}/resolver/api/v1/packages/a.b/1.0.0
  curl -s '${publicUrl}/audit-log/api/v1/entries/?subject=resource.%3E&limit=5'

Ctrl-C stops everything.
`;
}
