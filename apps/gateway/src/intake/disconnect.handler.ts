import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { DomainDisconnect } from '@connect/contracts';
import { ConnectError, parseHostname } from '@connect/domain';
import { BusContext, HandlesIntake, type Outcome } from '@connect/messaging';
import type { Sql } from '@connect/storage';
import type { ConnectionLife } from '../connections/connection-life.js';
import { RemoveConnection } from '../connections/remove-connection.use-case.js';
import { ConnectionStore } from '../ports/connection-store.port.js';
import { TakeIntake } from './take-intake.js';

/** `domain.disconnect` and `domain.disconnect.<tenant_id>`: the same as `DELETE /v1/connections/{id}`. */
@Controller()
export class DisconnectHandler {
  constructor(private readonly intake: TakeIntake, private readonly connections: ConnectionStore, private readonly remove: RemoveConnection) {}

  @HandlesIntake('domain.disconnect')
  handle(@Payload() payload: unknown, @Ctx() context: BusContext): Promise<Outcome> {
    return this.intake.run(payload, context, { schema: DomainDisconnect, act: (tx, message) => this.act(tx, message) });
  }

  private async act(tx: Sql, { publisher, data }: DomainDisconnect): Promise<ConnectionLife> {
    const sight = { tenantId: data.tenant_id, applicationId: data.application_id ?? null };
    const id = data.connection_id ?? (await this.idByHostname(tx, sight, data.hostname));
    return this.remove.run(tx, sight, id, data.keep_records ?? false, { by: `bus:${publisher}`, messageId: null });
  }

  private async idByHostname(tx: Sql, sight: { tenantId: string; applicationId: string | null }, hostname: string | undefined): Promise<string> {
    if (hostname === undefined) throw new ConnectError('malformed_message', { errors: [{ path: 'data', message: 'connection_id or hostname is needed' }] });
    const connection = await this.connections.lockByHostname(tx, sight, parseHostname(hostname).ownerName);
    if (connection === null) throw new ConnectError('not_found', { errors: [{ path: 'data.hostname', message: 'not found' }] });
    return connection.id;
  }
}
