import { consumers, deadLetterRequests, inboxPrefix, serviceNames, type ServiceName } from '@connect/contracts';

/** Who may connect to the bus, and what each may do; `nats-server` enforces it. Subjects in nats-server's form. */
export type BusUser = { name: string; publish: string[]; subscribe: string[]; responds: boolean };

/** What each service tells, by subject. Its streams and its part of the recovery follow from it. */
export const publishedBy = {
  'gateway': ['cmd.vault.*', 'cmd.dns.*', 'cmd.verify.*', 'domain.events.*'],
  'credential-vault': ['evt.vault.*'],
  'dns-worker': ['evt.dns.*'],
  'verifier': ['evt.verify.*'],
} as const satisfies Record<ServiceName, readonly string[]>;

/** For the operator, who comes in by the gateway's inner port. */
const deadLetterSubjects = serviceNames.flatMap((service) => Object.values(deadLetterRequests(service)).map(({ subject }) => subject));

/** Only the dns-worker asks for leases. */
const asks = {
  'gateway': ['rpc.vault.seal-key', 'rpc.vault.store-credential', 'rpc.vault.audit', 'rpc.dns.receipt', 'rpc.dns.list-circuits', 'rpc.dns.list-write-freezes', 'rpc.dns.begin-write-freeze', 'rpc.dns.end-write-freeze', 'rpc.verify.detect', 'rpc.verify.evidence', ...deadLetterSubjects],
  'credential-vault': [],
  'dns-worker': ['rpc.vault.lease'],
  'verifier': [],
} as const satisfies Record<ServiceName, readonly string[]>;

const answers = {
  'gateway': ['rpc.gateway.*'],
  'credential-vault': ['rpc.vault.*'],
  'dns-worker': ['rpc.dns.*'],
  'verifier': ['rpc.verify.*'],
} as const satisfies Record<ServiceName, readonly string[]>;

/** Makes, updates and looks; it deletes nothing. */
const provisioning = ['STREAM.CREATE.*', 'STREAM.UPDATE.*', 'STREAM.INFO.*', 'CONSUMER.CREATE.>', 'CONSUMER.DURABLE.CREATE.>', 'CONSUMER.INFO.*.*'].map((call) => `$JS.API.${call}`);

/** `intake`: another internal service that is trusted for all tenants. `provision`: makes streams and consumers, and nothing else. */
export const busUsers: readonly BusUser[] = [
  ...serviceNames.map(serviceUser),
  { name: 'provision', publish: provisioning, subscribe: [inboxOf('provision')], responds: false },
  { name: 'intake', publish: ['domain.connect', 'domain.connect.*', 'domain.disconnect', 'domain.disconnect.*'], subscribe: [inboxOf('intake'), 'domain.events.*'], responds: false },
];

/**
 * A publisher that is trusted for one tenant. It hears no `domain.events.*`, which name all tenants, but the stream's acknowledgement on its own inbox,
 * `_INBOX_intake_<tenant>`, and asks for the rest over HTTP.
 */
export function intakeUserForTenant(tenantId: string): BusUser {
  return { name: `intake-${tenantId}`, publish: [`domain.connect.${tenantId}`, `domain.disconnect.${tenantId}`], subscribe: [`_INBOX_intake_${tenantId}.>`], responds: false };
}

/**
 * The `authorization` block of nats-server's configuration. `passwords` by user name; `'$ENV'` writes references to environment variables, `$NATS_PASSWORD_DNS_WORKER`.
 * nats-server reads such a variable as configuration text, so those passwords begin with a letter (`12k` would become a number).
 */
export function natsAuthorization(users: readonly BusUser[], passwords: Record<string, string> | '$ENV'): string {
  const blocks = users.map((user) => {
    const password = passwords === '$ENV' ? `$NATS_PASSWORD_${user.name.toUpperCase().replaceAll('-', '_')}` : JSON.stringify(passwords[user.name] ?? '');
    return [
      `    { user: ${JSON.stringify(user.name)}, password: ${password}, permissions: {`,
      `        publish: { allow: ${JSON.stringify(user.publish)} }`,
      `        subscribe: { allow: ${JSON.stringify(user.subscribe)} }`,
      // One answer to each question, for as long as anybody waits for it.
      ...(user.responds ? ['        allow_responses: { max: 1, expires: "30s" }'] : []),
      '      } }',
    ].join('\n');
  });
  return `authorization {\n  users: [\n${blocks.join('\n')}\n  ]\n}\n`;
}

function serviceUser(name: ServiceName): BusUser {
  const own = consumers.filter((consumer) => consumer.service === name);
  const told: readonly string[] = publishedBy[name];
  const streams = new Set(told.map((subject) => (subject.startsWith('cmd.') ? 'COMMANDS' : subject.startsWith('evt.') ? 'FACTS' : 'DOMAIN_EVENTS')));
  return {
    name,
    publish: [
      ...told,
      ...own.map(({ filterSubject }) => `dead.${filterSubject}`),
      ...asks[name],
      ...own.flatMap(({ stream, durable }) => [`$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`, `$JS.ACK.${stream}.${durable}.>`]),
      // The relay compares what it published with what the streams hold and what was consumed of it.
      ...[...streams, 'DEAD'].map((stream) => `$JS.API.STREAM.INFO.${stream}`),
      ...consumers.filter((consumer) => consumer.service === name || told.includes(consumer.filterSubject)).map(({ stream, durable }) => `$JS.API.CONSUMER.INFO.${stream}.${durable}`),
    ],
    subscribe: [inboxOf(name), ...answers[name]],
    responds: answers[name].length > 0,
  };
}

function inboxOf(identity: Parameters<typeof inboxPrefix>[0]): string {
  return `${inboxPrefix(identity)}.>`;
}
