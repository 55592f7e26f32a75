import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { ConnectError } from '@connect/domain';
import { CreateKey } from '../../keys/create-key.use-case.js';
import { scopes } from '../../ports/caller.js';
import { Database } from '../../ports/database.port.js';
import { TenantStore } from '../../ports/key-store.port.js';
import { keyView, type KeyView } from '../views/key.view.js';

const NewTenantKey = z.strictObject({ name: z.string().min(1).max(200).optional(), scopes: z.array(z.enum(scopes)).min(1).max(scopes.length).optional(), expires_at: z.iso.datetime().optional() });
type NewTenantKey = z.infer<typeof NewTenantKey>;

/** Inner port: another key of the whole tenant, when the first one is lost. */
@Controller('v1/tenants/:tenantId/keys')
export class CreateTenantKeyEndpoint {
  constructor(private readonly database: Database, private readonly tenants: TenantStore, private readonly keys: CreateKey) {}

  @Post()
  @HttpCode(201)
  async run(@Param('tenantId') tenantId: string, @Body({ schema: NewTenantKey }) body: NewTenantKey): Promise<KeyView & { key: string }> {
    if ((await this.tenants.find(tenantId)) === null) throw new ConnectError('not_found');
    const request = { name: body.name ?? null, scopes: [...new Set(body.scopes ?? scopes)], expiresAt: body.expires_at === undefined ? null : new Date(body.expires_at) };
    const { stored, key } = await this.database.transaction((tx) => this.keys.forTenant(tx, tenantId, request));
    return { ...keyView(stored), key: key.open((text) => text) };
  }
}
