import { Controller, Get, Query } from '@nestjs/common';
import { TenantStore } from '../../ports/key-store.port.js';
import { listView, pageOf, PageQuery } from '../edge/paging.js';
import { tenantView, type TenantView } from '../views/tenant.view.js';

/** Inner port. */
@Controller('v1/tenants')
export class ListTenantsEndpoint {
  constructor(private readonly tenants: TenantStore) {}

  @Get()
  async run(@Query({ schema: PageQuery }) query: PageQuery): Promise<{ items: TenantView[]; next_cursor: string | null }> {
    return listView(await this.tenants.list(pageOf(query)), query, tenantView, (tenant) => tenant.id);
  }
}
