import { displayName, type Clock } from '@connect/domain';
import { newMessage } from '@connect/messaging';
import { verdictReached, type VerdictProjection } from '@connect/contracts';
import type { Look, PropagationCheck, SeenAnswer } from '../check/propagation-check.js';
import type { Diagnose, Diagnosis } from '../diagnosis/diagnose.js';
import { toWire } from '../diagnosis/finding.js';
import { evidenceOf } from '../evidence/evidence-of.js';
import type { ClaimedWatch, WatchStore } from '../ports/watch-store.port.js';
import { decideTelling, standingKeys } from './decide-telling.js';
import { confirmAfterMs, nextLookInMs, untilForgottenMs } from './schedule.js';

/** One look at one due watch: ask, conclude, find out why, and tell the gateway if there is something new. */
export class LookAtWatch {
  constructor(private readonly check: PropagationCheck, private readonly diagnose: Diagnose, private readonly store: WatchStore, private readonly clock: Clock) {}

  async run(watch: ClaimedWatch, signal: AbortSignal): Promise<void> {
    const look = await this.check.run(watch, signal);
    const diagnosis = await this.diagnose.run(look, watch, signal);
    if (signal.aborted) return; // the claim runs out and another verifier looks
    const { verdict, silences } = look.conclusion;
    const { isVisible } = diagnosis;
    const standing = standingKeys(verdict, diagnosis.findings);
    const { isTold, isLookedAtSoon, ...known } = decideTelling(watch, verdict, standing);
    const isNewlyVisible = isVisible !== null && isVisible !== watch.visibleAtResolvers;
    const nextMs = isLookedAtSoon ? confirmAfterMs : nextLook(watch, look, diagnosis);
    const message = isTold || isNewlyVisible
      ? newMessage(verdictReached, { tenantId: watch.tenantId, connectionId: watch.connectionId, generation: watch.generation, causationId: watch.causationId },
        { expectation: watch.expectation, projection: projectionOf(look, diagnosis), next_check_at: new Date(look.observedAt.getTime() + nextMs).toISOString() }, this.clock)
      : null;
    await this.store.settle(watch, {
      ...known, visibleAtResolvers: isVisible, silences, told: message === null ? watch.told : standing,
      evidence: evidenceOf(look, diagnosis), nextLookInMs: nextMs, message,
    });
  }
}

/** Dense while somebody waits. Where only a cache is waited for, its end is known: no look comes before it for its sake. */
function nextLook(watch: ClaimedWatch, look: Look, diagnosis: Diagnosis): number {
  const ttlSeconds = Math.min(...watch.recordSets.map((set) => set.ttlSeconds));
  const isSettled = look.conclusion.verdict === watchedFor(watch);
  const regularMs = nextLookInMs(watch.lookedForMs, ttlSeconds, watch.denseSince !== null && (!isSettled || diagnosis.isVisible === false));
  const forgottenMs = diagnosis.isVisible === false ? untilForgottenMs(diagnosis.sights) : null;
  return forgottenMs === null ? regularMs : Math.min(Math.max(regularMs, forgottenMs), nextLookInMs(watch.lookedForMs, ttlSeconds, false));
}

/** The verdict after which nobody waits any more. */
function watchedFor(watch: ClaimedWatch): 'published' | 'absent' {
  return watch.expectation === 'present' ? 'published' : 'absent';
}

function projectionOf(look: Look, { codes, findings, isVisible }: Diagnosis): VerdictProjection {
  const { verdict, warnings } = look.conclusion;
  return { verdict, codes, warnings, findings: findings.map(toWire), servers: look.seen.map((one) => serverObservation(one, look.observedAt)), visible_at_resolvers: isVisible, as_of: look.observedAt.toISOString() };
}

function serverObservation(seen: SeenAnswer, observedAt: Date): VerdictProjection['servers'][number] {
  return { server: displayName(seen.server), address: seen.address, owner_name: seen.recordSet.ownerName, type: seen.recordSet.type, code: seen.code, observed_at: observedAt.toISOString() };
}
