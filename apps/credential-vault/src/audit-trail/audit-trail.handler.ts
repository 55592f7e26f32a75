import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { auditTrail } from '@connect/contracts';
import { Answers } from '@connect/messaging';
import { AuditTrail } from './audit-trail.use-case.js';

type Ask = z.infer<typeof auditTrail.ask>;

/** `rpc.vault.audit`: who used which credential, when and for whom. */
@Controller()
export class AuditTrailHandler {
  constructor(private readonly auditTrail: AuditTrail) {}

  @Answers(auditTrail)
  async answer(@Payload() ask: Ask): Promise<z.infer<typeof auditTrail.answer>> {
    const rows = await this.auditTrail.run({ tenantId: ask.tenant_id, credentialId: ask.credential_id, limit: ask.limit, before: ask.before });
    return {
      rows: rows.map((row) => ({
        id: row.id, at: row.at.toISOString(), action: row.action, credential_id: row.credentialId, purpose: row.purpose, zone: row.zone, connections: row.connections,
      })),
    };
  }
}
