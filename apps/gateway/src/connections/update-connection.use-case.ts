import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ConflictPolicy, ConnectRequest } from '@connect/contracts';
import { ConnectError, mayMove, parseHostname, displayName, ownerName, reasonOf } from '@connect/domain';
import type { Sql } from '@connect/storage';
import { ApplicationStore } from '../ports/application-store.port.js';
import type { Sight } from '../ports/caller.js';
import { CredentialStore } from '../ports/credential-store.port.js';
import { awaitStep } from './await-step.js';
import { ChangeConnection } from './change-connection.js';
import type { Cause, ConnectionLife } from './connection-life.js';
import { renderRecords } from './create-connection.use-case.js';
import { enterSetup } from './enter-setup.js';
import { SetupChoice } from './setup-choice.js';

/** What may be different from now on. Without `records` the application's template as it is now is rendered. */
export const UpdateRequest = z.strictObject({
  records: ConnectRequest.shape.records,
  variables: ConnectRequest.shape.variables,
  conflict_policy: ConflictPolicy.optional(),
  credential_id: ConnectRequest.shape.credential_id,
  zone: ConnectRequest.shape.zone,
  setup_type: ConnectRequest.shape.setup_type,
});
export type UpdateRequest = z.infer<typeof UpdateRequest>;

/** The connection shall hold other records, or be written through another account. */
@Injectable()
export class UpdateConnection {
  constructor(private readonly changes: ChangeConnection, private readonly applications: ApplicationStore, private readonly credentials: CredentialStore, private readonly setup: SetupChoice) {}

  /** Errors: those of templates, `not_found`, `connection_archived`, `conflict` while work is going on, `hostname_claimed`. */
  run(tx: Sql, sight: Sight, id: string, request: UpdateRequest, cause: Cause): Promise<ConnectionLife> {
    return this.changes.run(tx, sight, id, cause, async (life) => {
      if (life.state === 'archived' || life.state === 'removing') throw new ConnectError('connection_archived');
      await this.takeOver(tx, sight, life, request);
      life.nextGeneration();
      const choice = await this.setup.of(tx, life.connection);
      if (choice.setup === 'manual') return setByHand(life, choice.code, choice.detail);
      if (life.state !== 'planning' && !mayMove(life.state, 'planning')) throw new ConnectError('conflict', { detail: `the connection is ${life.state}` });
      if (life.state === 'planning') awaitStep(life, 'apply');
      else enterSetup(life, choice);
    });
  }

  private async takeOver(tx: Sql, sight: Sight, life: ConnectionLife, request: UpdateRequest): Promise<void> {
    const connection = life.connection;
    const application = await this.applications.find(sight, connection.application_id, tx);
    if (application === null) throw new ConnectError('not_found');
    const variables = request.variables ?? connection.variables;
    const record_sets = renderRecords(request.records, application, parseHostname(displayName(ownerName(connection.hostname))), variables);
    life.set({ intent: { kind: 'apply', approval: null }, record_sets, variables, template_version: request.records === undefined ? application.template_version : null });
    if (request.conflict_policy !== undefined) life.set({ conflict_policy: request.conflict_policy });
    if (request.zone !== undefined) life.set({ zone: request.zone });
    if (request.setup_type !== undefined) life.set({ requested_setup: request.setup_type });
    if (request.credential_id === undefined) return;
    const credential = await this.credentials.find(sight, application.id, request.credential_id, tx);
    if (credential === null || credential.status === 'destroying') throw new ConnectError('not_found', { errors: [{ path: 'credential_id', message: 'not found' }] });
    life.set({ credential_id: credential.id, provider: credential.provider });
  }
}

/** Without a credential the customer changes the records; we look for the new ones. */
function setByHand(life: ConnectionLife, code: Parameters<typeof reasonOf>[0], detail: string | undefined): void {
  if (life.state !== 'awaiting_customer') {
    if (!mayMove(life.state, 'awaiting_customer')) life.move('planning', reasonOf('planning_change'));
    life.move('awaiting_customer', reasonOf(code, detail === undefined ? {} : { detail }));
  }
  life.set({ setup: 'manual' });
  life.claim('let_down');
  awaitStep(life, 'watch');
}
