import type { Message } from '@connect/contracts';
import type { NewWork } from '../ports/zone-work-store.port.js';
import type { Lane, WorkCommand } from './zone-work.js';

/** A command as work. `step` tells apart what a connection may be asked for more than once in a generation. */
export function newWork(message: Message, command: WorkCommand, lane: Lane, step: string): NewWork {
  return { ...command, tenantId: message.tenant_id, connectionId: message.connection_id ?? '', generation: message.generation, step, causationId: message.id, lane };
}
