import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { PlanProjection, WireChange } from '@connect/contracts';
import { valuesOf, type Change } from '@connect/domain';
import type { Plan } from './plan.js';

type Zone = PlanProjection['zone'];

/** The hour in which a plan that was shown can be approved. */
export const planValidMs = 3_600_000;

/** The public part of a plan. */
export function projectPlan(plan: Plan, { id, zone, safe, madeAt }: { id: string; zone: Zone; safe: boolean; madeAt: Date }): PlanProjection {
  const changes = plan.changes.map(wireChange);
  return {
    id,
    hash: planHash({ zone, changes, consequences: plan.consequences }),
    zone,
    safe,
    changes,
    consequences: plan.consequences,
    made_at: madeAt.toISOString(),
    expires_at: new Date(madeAt.getTime() + planValidMs).toISOString(),
  };
}

export function wireChange(change: Change): z.infer<typeof WireChange> {
  const { added, removed } = valuesOf(change);
  return {
    owner_name: change.ownerName,
    type: change.type,
    action: change.before === null ? 'create' : change.after === null ? 'delete' : 'update',
    ttl_seconds: change.after?.ttlSeconds ?? null,
    ttl_seconds_before: change.before?.ttlSeconds ?? null,
    added,
    removed,
  };
}

/** SHA-256, in hex, over the canonical JSON of what an approval is about. */
export function planHash(about: Pick<PlanProjection, 'zone' | 'changes' | 'consequences'>): string {
  return createHash('sha256').update(canonicalJson(about)).digest('hex');
}

/** Keys in order, no spaces: the same value gives the same text on every machine (RFC 8785 for what occurs here: no fractions). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).filter(([, each]) => each !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`).join(',')}}`;
}
