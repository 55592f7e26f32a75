import { Inject, Injectable } from '@nestjs/common';
import { recordSetToWire, type ConnectRequest, type WireTemplateRecord } from '@connect/contracts';
import { ConnectError, newId, parseHostname, reasonOf, renderTemplate, type Clock, type Hostname } from '@connect/domain';
import type { Sql } from '@connect/storage';
import { Batches } from '../batches.js';
import { ApplicationStore, type ConnectionAsk, type ForConnection } from '../ports/application-store.port.js';
import type { Sight } from '../ports/caller.js';
import { ClaimStore } from '../ports/claim-store.port.js';
import { CLOCK } from '../ports/clock.port.js';
import { ConnectionStore } from '../ports/connection-store.port.js';
import { Database } from '../ports/database.port.js';
import { Providers } from '../ports/providers.port.js';
import { awaitStep } from './await-step.js';
import { ConnectionLife, type Cause } from './connection-life.js';
import type { Connection } from './connection.js';
import { startWriting } from './enter-setup.js';

/** A connection is asked for: by `POST /v1/connections` and by `domain.connect` alike. */
@Injectable()
export class CreateConnection {
  private readonly readings = new Batches<ConnectionAsk, ForConnection | null>({
    together: (asks) => this.applications.findForConnections(this.database.direct, asks),
    alone: (ask) => this.find(this.database.direct, ask),
  });
  private readonly insertions = new Batches<ConnectionLife, 'stored' | 'claimed'>({
    together: async (lives) => {
      const stored = await this.connections.insert(this.database.direct, lives);
      return lives.map(({ connection }) => (stored.has(connection.id) ? 'stored' : 'claimed'));
    },
    alone: (life) => this.insert(this.database.direct, life),
  });

  constructor(
    private readonly database: Database,
    private readonly applications: ApplicationStore,
    private readonly connections: ConnectionStore,
    private readonly claims: ClaimStore,
    private readonly providers: Providers,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Everything that can be refused is refused before the first row is written. Errors: those of hostnames and templates, `not_found`, `unknown_provider`,
   * `provider_mismatch`, `template_missing`, `hostname_claimed`.
   */
  async run(tx: Sql, sight: Sight, request: ConnectRequest, cause: Cause): Promise<ConnectionLife> {
    const life = await this.begin((ask) => this.find(tx, ask), sight, request, cause);
    if ((await this.insert(tx, life)) === 'stored') return life;
    const { tenant_id, hostname } = life.connection;
    const given = await this.claims.giveUpQuarantine(tx, tenant_id, hostname, life.claimSteps.includes('hold'));
    if (given === 0 || (await this.insert(tx, life)) === 'claimed') throw new ConnectError('hostname_claimed');
    return life;
  }

  /** The same in two statements, shared with those that come at the same time, for a caller who has nothing else to keep in the transaction: the usual way of a POST. */
  async runAlone(sight: Sight, request: ConnectRequest, cause: Cause): Promise<ConnectionLife> {
    const life = await this.begin((ask) => this.readings.do(ask), sight, request, cause);
    if ((await this.insertions.do(life)) === 'stored') return life;
    return this.database.transaction((tx) => this.run(tx, sight, request, cause));
  }

  private async find(runner: Sql, ask: ConnectionAsk): Promise<ForConnection | null> {
    return (await this.applications.findForConnections(runner, [ask]))[0] ?? null;
  }

  private async insert(runner: Sql, life: ConnectionLife): Promise<'stored' | 'claimed'> {
    return (await this.connections.insert(runner, [life])).size === 1 ? 'stored' : 'claimed';
  }

  private async begin(find: (ask: ConnectionAsk) => Promise<ForConnection | null>, sight: Sight, request: ConnectRequest, cause: Cause): Promise<ConnectionLife> {
    const hostname = parseHostname(request.hostname);
    if (request.provider !== undefined) this.providers.get(request.provider);
    const application = await find({ sight, applicationId: request.application_id, credentialId: request.credential_id ?? null });
    if (application === null) throw new ConnectError('not_found', { detail: 'there is no such application', errors: [{ path: 'application_id', message: 'not found' }] });
    const { credential } = application;
    if (request.credential_id !== undefined && credential === null) throw new ConnectError('not_found', { detail: 'the application has no such credential', errors: [{ path: 'credential_id', message: 'not found' }] });
    if (request.provider !== undefined && credential !== null && request.provider !== credential.provider) throw new ConnectError('provider_mismatch');

    const life = new ConnectionLife(this.rowOf(request, hostname, application), cause, this.clock);
    life.tell('created');
    // With a credential at hand nothing has to be found out first: the command that plans and writes leaves with this transaction.
    if (credential !== null && (request.setup_type ?? 'automatic') === 'automatic') startWriting(life, { provider: credential.provider, credential_id: credential.id });
    else awaitStep(life, 'detect');
    return life;
  }

  private rowOf(request: ConnectRequest, hostname: Hostname, application: ForConnection): Connection {
    const { credential } = application;
    const now = this.clock.now();
    return {
      id: newId('connection'), tenant_id: application.tenant_id, application_id: application.id, hostname: hostname.ownerName, apex: hostname.apex, state: 'created', reason: reasonOf('detecting'),
      sequence: 0, generation: 1, intent: { kind: 'apply', approval: null }, awaited: null, requested_setup: request.setup_type ?? null, setup: null,
      provider: request.provider ?? credential?.provider ?? null, credential_id: credential?.id ?? null, customer_reference: request.customer_reference ?? null, zone: request.zone ?? credential?.zone ?? null,
      record_sets: renderRecords(request.records, application, hostname, request.variables ?? {}), template_version: request.records === undefined ? application.template_version : null, variables: request.variables ?? {},
      conflict_policy: request.conflict_policy ?? application.conflict_policy, reference: request.reference ?? null, group_reference: request.group_reference ?? null,
      may_have_written: false, keep_records: false, plan_id: null, plan_made_at: null, detection: null, verdict: null, removal: null,
      next_step_due_at: new Date(now.getTime() + 30_000), progress_at: now, created_at: now, updated_at: now,
    };
  }
}

/** The record sets of a connection: of the request, or else of the application's template as it is now. */
export function renderRecords(records: WireTemplateRecord[] | undefined, application: Pick<ForConnection, 'record_template'>, hostname: Hostname, variables: Record<string, string>): Connection['record_sets'] {
  const template = records ?? application.record_template;
  if (template === null) throw new ConnectError('template_missing');
  return renderTemplate(template, hostname, variables).map(recordSetToWire);
}
