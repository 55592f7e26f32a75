import { credentialDestroyed, type Message } from '@connect/contracts';
import { newUuid, type Clock } from '@connect/domain';
import { newMessage } from '@connect/messaging';
import type { VaultStore } from '../ports/vault-store.port.js';

export type Destruction = { consumer: string; messageId: string; tenantId: string; credentialId: string };

export class DestroyCredential {
  constructor(private readonly store: VaultStore, private readonly clock: Clock) {}

  /**
   * Deletes the sealed bytes and tells it. A credential that was never stored, or is another tenant's, is told as destroyed too: for this tenant there
   * is none, and one that is still on its way is refused from now on. Asked again by another message, the same fact is told again.
   */
  async run({ consumer, messageId, tenantId, credentialId }: Destruction): Promise<void> {
    await this.store.change(async (vault, messages) => {
      if (!(await messages.firstTime(consumer, messageId))) return;
      const present = await vault.credential(credentialId);
      const toldBefore = await vault.destroyedBy(tenantId, credentialId);
      const fact = { ...newMessage(credentialDestroyed, { tenantId, causationId: messageId }, { credential_id: credentialId }, this.clock), ...(toldBefore === undefined ? {} : { id: toldBefore }) };
      if (toldBefore === undefined) {
        const own = present?.tenantId === tenantId ? present : undefined;
        await vault.destroy(tenantId, credentialId, fact.id);
        await vault.audit({
          id: newUuid(), tenantId, action: own === undefined ? 'destroy_found_nothing' : 'destroyed', credentialId,
          applicationId: own?.applicationId ?? null, provider: own?.provider ?? null, version: own?.version ?? null,
        });
      }
      await messages.tell(fact satisfies Message);
    });
  }
}
