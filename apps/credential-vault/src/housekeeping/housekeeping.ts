import type { TenantKeys } from '../keyring/tenant-keys.js';
import type { AuditLog } from '../ports/audit-log.port.js';
import type { RewrapKeys } from '../rewrap-keys/rewrap-keys.use-case.js';
import type { TransportKeys } from '../transport-keys/transport-keys.js';

/** Ended leases are kept for a day, so that a key cannot be used for a second lease while anything of the first is still under way. */
const keepEndedLeasesSeconds = 86_400;

export type HousekeepingLog = { info(fields: Record<string, unknown>, text: string): void; error(fields: Record<string, unknown>, text: string): void };

/** What is done from time to time. Every replica does it; each part is safe to be done by several at once. */
export class Housekeeping {
  constructor(
    private readonly rewrapKeys: RewrapKeys,
    private readonly transportKeys: TransportKeys,
    private readonly tenantKeys: TenantKeys,
    private readonly audit: AuditLog,
    private readonly settings: { auditDays: number; log: HousekeepingLog },
  ) {}

  /** One round. What fails is logged and does not keep the rest from being done. */
  async run(): Promise<void> {
    const { auditDays, log } = this.settings;
    this.tenantKeys.forgetOld();
    await this.#part('rewrap keys', async () => {
      const count = await this.rewrapKeys.run();
      if (count > 0) log.info({ count }, 'keys were brought under the primary root key');
    });
    await this.#part('rotate the transport key', async () => {
      if (await this.transportKeys.rotateIfDue()) log.info({}, 'a new transport key is announced');
    });
    await this.#part('forget ended leases', () => this.audit.forgetLeases(keepEndedLeasesSeconds));
    await this.#part('forget old audit rows', () => this.audit.forgetAudit(auditDays));
  }

  async #part(part: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (err) {
      this.settings.log.error({ part, err }, 'a part of the housekeeping failed');
    }
  }
}
