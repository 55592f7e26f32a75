import { changesApplied, connectionRemoved, planMade, receiptAmended, workDelayed, workRefused, type DataOf, type Message, type PlanProjection, type ReceiptProjection } from '@connect/contracts';
import type { Clock, ErrorCode } from '@connect/domain';
import { newMessage, type MessageAbout } from '@connect/messaging';
import type { ZoneWork } from './zone-work.js';

/** The facts about one work: each answers its command. */
export function factsOf(work: ZoneWork, clock: Clock) {
  const about: MessageAbout = { tenantId: work.tenantId, connectionId: work.connectionId, generation: work.generation, causationId: work.causationId };
  const of = work.kind === 'check' || work.kind === 'look' ? 'preview' : work.kind;
  return {
    planned: (plan: PlanProjection, next: DataOf<typeof planMade>['next']): Message => newMessage(planMade, about, { plan, next }, clock),
    applied: (receipt: ReceiptProjection): Message => newMessage(changesApplied, about, { receipt }, clock),
    amended: (receipt: ReceiptProjection): Message => newMessage(receiptAmended, about, { receipt }, clock),
    removed: (data: DataOf<typeof connectionRemoved>): Message => newMessage(connectionRemoved, about, data, clock),
    refused: (code: ErrorCode, detail: string | null): Message => newMessage(workRefused, about, { code, detail, of }, clock),
    delayed: (code: ErrorCode, detail: string | null, nextCheckAt: Date): Message => newMessage(workDelayed, about, { code, detail, next_check_at: nextCheckAt.toISOString(), of }, clock),
  };
}
