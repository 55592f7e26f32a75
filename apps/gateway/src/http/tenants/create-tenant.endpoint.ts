import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { newId, type Clock } from '@connect/domain';
import { CreateKey } from '../../keys/create-key.use-case.js';
import { scopes } from '../../ports/caller.js';
import { CLOCK } from '../../ports/clock.port.js';
import { Database } from '../../ports/database.port.js';
import { TenantStore } from '../../ports/key-store.port.js';
import { keyView, type KeyView } from '../views/key.view.js';
import { tenantView, type TenantView } from '../views/tenant.view.js';

const NewTenant = z.strictObject({ name: z.string().min(1).max(200) });
type NewTenant = z.infer<typeof NewTenant>;

/** Inner port: a tenant with its first key, which may do everything within the tenant and is shown once. */
@Controller('v1/tenants')
export class CreateTenantEndpoint {
  constructor(private readonly database: Database, private readonly tenants: TenantStore, private readonly keys: CreateKey, @Inject(CLOCK) private readonly clock: Clock) {}

  @Post()
  @HttpCode(201)
  run(@Body({ schema: NewTenant }) body: NewTenant): Promise<TenantView & { api_key: KeyView & { key: string } }> {
    return this.database.transaction(async (tx) => {
      const tenant = { id: newId('tenant'), name: body.name, created_at: this.clock.now() };
      await this.tenants.insert(tx, tenant);
      const { stored, key } = await this.keys.forTenant(tx, tenant.id, { name: 'first key', scopes: [...scopes], expiresAt: null });
      return { ...tenantView(tenant), api_key: { ...keyView(stored), key: key.open((text) => text) } };
    });
  }
}
