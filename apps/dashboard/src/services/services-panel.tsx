// Whether each service may be given work, and what is wrong when not.
import { useQueries } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Panel } from '../shell/panel.tsx';
import { useStation } from '../station-context.tsx';
import { clockTime } from '../text/time-text.ts';
import { services, type Check, type HealthState, type ObservedHealth } from './health.ts';
import { lookAtHealth } from './look-at-health.ts';

const EVERY_MS = 5_000;

const WORDS: Readonly<Record<HealthState | 'unknown', string>> = {
  unknown: 'Checking…',
  ready: 'Ready',
  degraded: 'Degraded',
  starting: 'Starting',
  stopping: 'Stopping',
  down: 'Not ready',
  unreachable: 'Unreachable',
};

export function ServicesPanel({ isOnShow }: { readonly isOnShow: boolean }): ReactNode {
  const station = useStation();
  const results = useQueries({
    queries: services.map(({ name, path }) => ({
      queryKey: ['health', name],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) => lookAtHealth(station, name, path, signal),
      // Not while the tab is hidden: TanStack Query stops intervals there by itself.
      refetchInterval: EVERY_MS,
      retry: false,
    })),
  });
  const ready = results.filter(({ data }) => data?.health.state === 'ready').length;
  return (
    <Panel view="services" title="Services" isOnShow={isOnShow} isPlain count={`${ready} of ${services.length} ready`}>
      <ul className="services">
        {services.map(({ name, does }, index) => (
          <Service key={name} name={name} does={does} observed={results[index]?.data} />
        ))}
      </ul>
    </Panel>
  );
}

const unknown = { state: 'unknown', checks: [], reason: null } as const;

type ServiceProps = {
  readonly name: string;
  readonly does: string;
  readonly observed: ObservedHealth | undefined;
};

function Service({ name, does, observed }: ServiceProps): ReactNode {
  const { state, checks, reason } = observed?.health ?? unknown;
  const since = observed?.since ?? null;
  return (
    <li className="service" data-state={state}>
      <h3>{name}</h3>
      <p className="service__state">{WORDS[state]}</p>
      <div className="service__checks">{checks.length > 0 ? <Checks checks={checks} /> : <p>{reason ?? does}</p>}</div>
      <p className="service__since">{since !== null && `since ${clockTime(since, 'seconds')}`}</p>
    </li>
  );
}

function Checks({ checks }: { readonly checks: readonly Check[] }): ReactNode {
  return (
    <ul className="checks">
      {checks.map(({ name, state, reason }) => (
        <li key={name} data-state={state}>
          {name} {reason === null ? <span className="visually-hidden">{state}</span> : <em>{`${state}: ${reason}`}</em>}
        </li>
      ))}
    </ul>
  );
}
