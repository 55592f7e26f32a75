import { collectDefaultMetrics, Registry } from 'prom-client';

export { Counter, Gauge, Histogram } from 'prom-client';
export type Metrics = Registry;
/** Injection token of the service's {@link Metrics}. */
export const METRICS = Symbol('metrics');

/** A registry of its own, so that two services in one test process do not meet. With `process: true` also memory, processor time and event loop. */
export function createMetrics(service: string, options: { process?: boolean } = {}): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  if (options.process === true) collectDefaultMetrics({ register: registry });
  return registry;
}
