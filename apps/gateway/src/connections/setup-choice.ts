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
    const application = await this.applications.find({ tenantId: connection.tenant_id, applicationId: null }, connection.application_id, tx);
    const credentials = await this.credentials.ofApplication(tx, connection.application_id);
    return chooseSetup(connection, connection.detection, credentials, { shared_credentials: application?.shared_credentials ?? false }, this.providers);
  }
}
