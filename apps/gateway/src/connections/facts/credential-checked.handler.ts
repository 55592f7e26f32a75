import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { credentialChecked, type DataOf, type Message } from '@connect/contracts';
import { done, Handles, Inbox, type Outcome } from '@connect/messaging';
import { CredentialStore } from '../../ports/credential-store.port.js';
import { Database } from '../../ports/database.port.js';
import { ChangeConnection } from '../change-connection.js';
import { system } from '../connection-life.js';
import { ResumeWaiting } from '../resume-waiting.js';

/** What the provider said of a credential; connections that waited for one like it go on. */
@Controller()
export class CredentialCheckedHandler {
  constructor(
    private readonly database: Database,
    private readonly inbox: Inbox,
    private readonly credentials: CredentialStore,
    private readonly resume: ResumeWaiting,
    private readonly changes: ChangeConnection,
  ) {}

  @Handles(credentialChecked)
  async handle(@Payload() message: Message<DataOf<typeof credentialChecked>>): Promise<Outcome> {
    const { credential_id, report } = message.data;
    const lives = await this.database.transaction(async (tx) => {
      if (!(await this.inbox.firstTime(tx, 'gateway', message.id))) return [];
      const credential = await this.credentials.lock(tx, message.tenant_id, credential_id);
      if (credential === null || credential.status === 'destroying') return [];
      if (credential.report !== null && credential.report.checked_at > report.checked_at) return [];
      await this.credentials.change(tx, credential_id, { status: report.valid ? 'valid' : 'invalid', report, as_of: new Date(message.occurred_at) });
      return report.valid ? this.resume.run(tx, credential, system(message.id)) : [];
    });
    this.changes.announce(...lives);
    return done();
  }
}
