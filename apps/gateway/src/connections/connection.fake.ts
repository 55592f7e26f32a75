import { movableClock, reasonOf, type ConnectionState } from '@connect/domain';
import type { Detection } from '@connect/contracts';
import { ConnectionLife, system } from './connection-life.js';
import type { Connection } from './connection.js';

/** A connection for specs: automatic through PowerDNS unless said otherwise. */
export function aConnection(changes: Partial<Connection> = {}): Connection {
  const now = new Date('2026-01-01T00:00:00.000Z');
  return {
    id: 'con_00000000000000000000000000000002', tenant_id: 'ten_00000000000000000000000000000001', application_id: 'app_00000000000000000000000000000003', hostname: 'shop.example.com.', apex: 'example.com.',
    state: 'created', reason: reasonOf('detecting'), sequence: 1, generation: 1, intent: { kind: 'apply', approval: null }, awaited: null, requested_setup: null, setup: null, provider: 'powerdns',
    credential_id: 'cred_00000000000000000000000000000004', customer_reference: null, zone: null, record_sets: [{ owner_name: 'shop.example.com.', type: 'CNAME', ttl_seconds: 300, values: ['edge.saas.example.'] }],
    template_version: 1, variables: {}, conflict_policy: 'upsert', reference: null, group_reference: null, may_have_written: false, keep_records: false, plan_id: null, plan_made_at: null, detection: null, verdict: null,
    removal: null, next_step_due_at: null, progress_at: now, created_at: now, updated_at: now, ...changes,
  };
}

export function aLife(state: ConnectionState, changes: Partial<Connection> = {}): ConnectionLife {
  return new ConnectionLife(aConnection({ state, setup: 'automatic', ...changes }), system(), movableClock());
}

export function aDetection(changes: Partial<Detection> = {}): Detection {
  return { hostname: 'shop.example.com.', apex: 'example.com.', zone_cut: 'example.com.', name_servers: ['ns1.example.net.'], providers: [], domain_connect: null, served: [], code: 'found', as_of: '2026-01-01T00:00:00.000Z', ...changes };
}

/** The states a life went through, oldest first. */
export function walked(life: ConnectionLife): string[] {
  return life.events.map(({ event }) => event.type);
}

export function sent(life: ConnectionLife): string[] {
  return life.commands.map((message) => message.type);
}
