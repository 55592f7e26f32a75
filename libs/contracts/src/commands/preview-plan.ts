import { z } from 'zod';
import { defineMessage } from '../envelope.js';
import { applyConnection } from './apply-connection.js';

/** To dns-worker: plan as for `apply-connection`, without a turn and without writing. Answered by `evt.dns.plan-made`. */
export const previewPlan = defineMessage({
  subject: 'cmd.dns.preview-plan',
  step: 'preview',
  data: applyConnection.data.omit({ approval: true }).extend({ plan_id: z.string() }),
  golden: { ...withoutApproval(applyConnection.golden.data), plan_id: 'plan_00000000000000000000000000000005' },
});

function withoutApproval<T extends { approval: unknown }>(data: T): Omit<T, 'approval'> {
  const { approval: _, ...rest } = data;
  return rest;
}
