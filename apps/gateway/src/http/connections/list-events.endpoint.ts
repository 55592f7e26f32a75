import { Controller, Get, Headers, Param, Query, Req, Res } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainEvent } from '@connect/contracts';
import { ConnectError } from '@connect/domain';
import { ConnectionStore, type EventRow } from '../../ports/connection-store.port.js';
import { From, type Asking } from '../edge/asking.js';
import { Endpoint } from '../edge/endpoint.decorator.js';
import { PageQuery } from '../edge/paging.js';
import { EventStreams } from './event-streams.js';

const EventView = DomainEvent.extend({ caused_by: z.string() }).meta({ id: 'Event' });
type EventView = z.infer<typeof EventView>;
const EventsView = z.object({ items: z.array(EventView), next_cursor: z.string().nullable() });

@ApiTags('events')
@Controller('v1/connections')
export class ListEventsEndpoint {
  constructor(private readonly connections: ConnectionStore, private readonly streams: EventStreams) {}

  @Get(':id/events')
  @ApiProduces('application/json', 'text/event-stream')
  @Endpoint({
    summary: 'Events of the connection, oldest first; with Accept: text/event-stream as they happen, going on after Last-Event-ID', scope: 'connections:read', status: 200, answer: EventsView,
    problems: ['not_found', 'malformed_request'],
  })
  async run(
    @Param('id') id: string, @Query({ schema: PageQuery }) query: PageQuery, @Headers('accept') accept: string | undefined, @Headers('last-event-id') lastEventId: string | undefined,
    @From() { caller }: Asking, @Req() request: FastifyRequest, @Res() reply: FastifyReply,
  ): Promise<void> {
    if ((await this.connections.find(caller, id)) === null) throw new ConnectError('not_found');
    if (request.method === 'GET' && accept?.includes('text/event-stream') === true) return this.streams.open(caller.tenantId, id, sequenceOf(lastEventId, 'Last-Event-ID'), request, reply);
    const rows = await this.connections.events(id, sequenceOf(query.cursor, 'cursor'), query.limit + 1);
    const shown = rows.slice(0, query.limit);
    await reply.send({ items: shown.map(eventView), next_cursor: rows.length > query.limit ? String(shown.at(-1)?.sequence) : null });
  }
}

function eventView({ body, caused_by }: EventRow): EventView {
  return { ...body, caused_by };
}

function sequenceOf(text: string | undefined, path: string): number {
  if (text === undefined || text === '') return 0;
  if (!/^\d{1,9}$/.test(text)) throw new ConnectError('malformed_request', { errors: [{ path, message: 'a sequence number' }] });
  return Number(text);
}
