import { z } from 'zod';
import { PlanProjection, ReceiptProjection, WireReason, WireRecordSet } from '@connect/contracts';
import type { StoredPlan, StoredReceipt } from '../../ports/connection-store.port.js';

export const PlanView = z.object({
  id: z.string(),
  /** `pending`: asked for and not made yet; `refused`: `refusal` says why. */
  status: z.enum(['pending', 'preview', 'writing', 'awaiting_approval', 'empty', 'approved', 'refused']),
  generation: z.int(),
  plan: PlanProjection.nullable(),
  refusal: WireReason.nullable(),
  as_of: z.iso.datetime(),
}).meta({ id: 'Plan' });
export type PlanView = z.infer<typeof PlanView>;

export function planView(plan: StoredPlan): PlanView {
  return { id: plan.id, status: plan.status, generation: plan.generation, plan: plan.projection, refusal: plan.refusal, as_of: plan.as_of.toISOString() };
}

export const ReceiptView = ReceiptProjection.extend({ as_of: z.iso.datetime() }).meta({ id: 'Receipt' });
export type ReceiptView = z.infer<typeof ReceiptView>;
export function receiptView(receipt: StoredReceipt): ReceiptView {
  return { ...receipt.projection, as_of: receipt.as_of.toISOString() };
}

/** With what stood in the zone before and after the write. */
export const ReceiptImageView = ReceiptView.extend({ before: z.array(WireRecordSet), after: z.array(WireRecordSet) }).meta({ id: 'ReceiptWithImages' });
