// `@longwave/messaging/prometheus`: what goes on, as Prometheus reads it. Needs prom-client, which nothing else here does.
export { prometheusObserver } from './prometheus-observer.ts';
