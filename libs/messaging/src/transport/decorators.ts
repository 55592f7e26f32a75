import { applyDecorators, UseFilters } from '@nestjs/common';
import { EventPattern, MessagePattern } from '@nestjs/microservices';
import type { MessageDefinition, RequestDefinition } from '@connect/contracts';
import { RethrowFilter } from './rethrow.filter.js';

/** What a decorator tells the transport about its method. */
export type HandlerRole = { kind: 'message'; definition: MessageDefinition } | { kind: 'intake'; prefix: string } | { kind: 'answer'; definition: RequestDefinition };

/**
 * `async handle(@Payload() message: Message<DataOf<typeof applyConnection>>, @Ctx() context: BusContext): Promise<Outcome>`. The message fits its schema. A thrown
 * ConnectError is tried again or dead by its catalogue row; another error is tried again, at last dead.
 */
export function Handles(definition: MessageDefinition): MethodDecorator {
  return event(definition.subject, { kind: 'message', definition });
}

/** Raw messages on `prefix` and `prefix.<tenant>`; the payload is the parsed JSON, or `{malformed: true}` where it is none. */
export function HandlesIntake(prefix: string): MethodDecorator {
  return event(prefix, { kind: 'intake', prefix });
}

/** `async answer(@Payload() ask): Promise<answer>`; a thrown ConnectError is a refusal. */
export function Answers(definition: RequestDefinition): MethodDecorator {
  const role: HandlerRole = { kind: 'answer', definition };
  return applyDecorators(MessagePattern(definition.subject, { role }) as MethodDecorator, UseFilters(RethrowFilter));
}

export type MalformedPayload = { malformed: true };

function event(subject: string, role: HandlerRole): MethodDecorator {
  return applyDecorators(EventPattern<string>(subject, { role }) as MethodDecorator, UseFilters(RethrowFilter));
}
