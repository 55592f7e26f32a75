/** Streams of the bus; `provision` makes them, nobody else may. Sizes in bytes, ages in days. */
export type StreamDefinition = { name: string; subjects: string[]; retention: 'workqueue' | 'limits'; maxAgeDays?: number };

export const streams = [
  { name: 'INTAKE', subjects: ['domain.connect', 'domain.connect.*', 'domain.disconnect', 'domain.disconnect.*'], retention: 'workqueue' },
  { name: 'COMMANDS', subjects: ['cmd.vault.*', 'cmd.dns.*', 'cmd.verify.*'], retention: 'workqueue' },
  { name: 'FACTS', subjects: ['evt.vault.*', 'evt.dns.*', 'evt.verify.*'], retention: 'limits', maxAgeDays: 7 },
  { name: 'DOMAIN_EVENTS', subjects: ['domain.events.*'], retention: 'limits', maxAgeDays: 7 },
  { name: 'DEAD', subjects: ['dead.>'], retention: 'limits', maxAgeDays: 30 },
] as const satisfies readonly StreamDefinition[];

/** Durable pull consumers; one filter set per durable, so that work queues do not overlap. `queue` handlers of a service share one. */
export type ConsumerDefinition = { stream: string; durable: string; filterSubject: string; service: ServiceName };
export const consumers = [
  { stream: 'INTAKE', durable: 'gateway-connect', filterSubject: 'domain.connect', service: 'gateway' },
  { stream: 'INTAKE', durable: 'gateway-connect-tenant', filterSubject: 'domain.connect.*', service: 'gateway' },
  { stream: 'INTAKE', durable: 'gateway-disconnect', filterSubject: 'domain.disconnect', service: 'gateway' },
  { stream: 'INTAKE', durable: 'gateway-disconnect-tenant', filterSubject: 'domain.disconnect.*', service: 'gateway' },
  { stream: 'COMMANDS', durable: 'vault-commands', filterSubject: 'cmd.vault.*', service: 'credential-vault' },
  { stream: 'COMMANDS', durable: 'dns-commands', filterSubject: 'cmd.dns.*', service: 'dns-worker' },
  { stream: 'COMMANDS', durable: 'verify-commands', filterSubject: 'cmd.verify.*', service: 'verifier' },
  { stream: 'FACTS', durable: 'gateway-vault-facts', filterSubject: 'evt.vault.*', service: 'gateway' },
  { stream: 'FACTS', durable: 'gateway-dns-facts', filterSubject: 'evt.dns.*', service: 'gateway' },
  { stream: 'FACTS', durable: 'gateway-verify-facts', filterSubject: 'evt.verify.*', service: 'gateway' },
] as const satisfies readonly ConsumerDefinition[];

export const serviceNames = ['gateway', 'credential-vault', 'dns-worker', 'verifier'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** A reply inbox that only its service may subscribe to: with a shared one a neighbour overhears leases. */
export function inboxPrefix(service: ServiceName | 'provision' | 'intake'): string {
  return `_INBOX_${service.replaceAll('-', '_')}`;
}
