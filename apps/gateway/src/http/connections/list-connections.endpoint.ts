import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { connectionStates, parseHostname } from '@connect/domain';
import { ConnectionStore } from '../../ports/connection-store.port.js';
import { From, type Asking } from '../edge/asking.js';
import { Endpoint } from '../edge/endpoint.decorator.js';
import { ListView, listView, pageOf, PageQuery } from '../edge/paging.js';
import { ConnectionView, connectionView } from '../views/connection.view.js';

const ConnectionsQuery = PageQuery.extend({ application_id: z.string().max(64).optional(), hostname: z.string().max(1024).optional(), state: z.enum(connectionStates).optional(), group_reference: z.string().max(255).optional() });
type ConnectionsQuery = z.infer<typeof ConnectionsQuery>;

@ApiTags('connections')
@Controller('v1/connections')
export class ListConnectionsEndpoint {
  constructor(private readonly connections: ConnectionStore) {}

  @Get()
  @Endpoint({ summary: 'List connections', scope: 'connections:read', status: 200, answer: ListView(ConnectionView), problems: ['malformed_request', 'not_a_domain', 'hostname_is_ip', 'bad_label'] })
  async run(@Query({ schema: ConnectionsQuery }) query: ConnectionsQuery, @From() { caller }: Asking): Promise<{ items: ConnectionView[]; next_cursor: string | null }> {
    const filter = { applicationId: query.application_id ?? null, hostname: query.hostname === undefined ? null : parseHostname(query.hostname).ownerName, state: query.state ?? null, groupReference: query.group_reference ?? null };
    return listView(await this.connections.list(caller, filter, pageOf(query)), query, connectionView, (connection) => connection.id);
  }
}
