import { Injectable } from '@nestjs/common';
import type { Sql } from '@connect/storage';
import { ApplicationStore } from '../ports/application-store.port.js';
import { CredentialStore } from '../ports/credential-store.port.js';
import { Providers } from '../ports/providers.port.js';
import { chooseSetup, type Choice } from './choose-setup.js';
import type { Connection } from './connection.js';

/** Chooses with what is stored now. */
@Injectable()
export class SetupChoice {
  constructor(private readonly applications: ApplicationStore, private readonly credentials: CredentialStore, private readonly providers: Providers) {}

  async of(tx: Sql, connection: Connection): Promise<Choice> {
    // By hand is by hand, whatever is stored.
    if (connection.requested_setup === 'manual') return chooseSetup(connection, connection.detection, [], { shared_credentials: false }, this.providers);
    return (await this.inApplication(tx, connection))(connection);
  }

  /** For many connections of the same application. */
  async inApplication(tx: Sql, { tenant_id, application_id }: Pick<Connection, 'tenant_id' | 'application_id'>): Promise<(connection: Connection) => Choice> {
    const application = await this.applications.find({ tenantId: tenant_id, applicationId: null }, application_id, tx);
    const credentials = await this.credentials.ofApplication(tx, application_id);
    return (connection) => chooseSetup(connection, connection.detection, credentials, { shared_credentials: application?.shared_credentials ?? false }, this.providers);
  }
}
