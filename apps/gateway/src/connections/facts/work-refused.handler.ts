import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { workRefused, type DataOf, type Message } from '@connect/contracts';
import { reasonOf } from '@connect/domain';
import { Handles, type Outcome } from '@connect/messaging';
import type { Sql } from '@connect/storage';
import { ConnectionStore } from '../../ports/connection-store.port.js';
import { CredentialStore } from '../../ports/credential-store.port.js';
import type { ConnectionLife } from '../connection-life.js';
import type { Connection } from '../connection.js';
import { TakeFact } from './take-fact.js';
import { onWorkRefused } from './work-refused.decision.js';

type WorkRefused = Message<DataOf<typeof workRefused>>;

@Controller()
export class WorkRefusedHandler {
  constructor(private readonly facts: TakeFact, private readonly connections: ConnectionStore, private readonly credentials: CredentialStore) {}

  @Handles(workRefused)
  handle(@Payload() message: WorkRefused): Promise<Outcome> {
    return this.facts.run(message, { record: (tx, connection) => this.record(tx, connection, message), decide: (life, _, tx) => this.decide(life, message, tx) });
  }

  private async decide(life: ConnectionLife, { data }: WorkRefused, tx: Sql): Promise<void> {
    onWorkRefused(life, data, await this.isMended(tx, life.connection));
  }

  /** Did another secret, or a good report, come after this work was begun? */
  private async isMended(tx: Sql, { tenant_id, application_id, credential_id, progress_at }: Connection): Promise<boolean> {
    if (credential_id === null) return false;
    const credential = await this.credentials.find({ tenantId: tenant_id, applicationId: null }, application_id, credential_id, tx);
    return credential !== null && (credential.status === 'stored' || credential.status === 'valid') && credential.updated_at > progress_at;
  }

  private async record(tx: Sql, connection: Connection, { generation, data }: WorkRefused): Promise<void> {
    if (data.of !== 'preview') return;
    await this.connections.refusePendingPlan(tx, connection.id, generation, reasonOf(data.code, data.detail === null ? {} : { detail: data.detail }));
  }
}
