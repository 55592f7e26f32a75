import { displayName, type Clock } from '@connect/domain';
import { newMessage } from '@connect/messaging';
import { verdictReached, type VerdictProjection } from '@connect/contracts';
import type { Look, PropagationCheck, SeenAnswer } from '../check/propagation-check.js';
import { evidenceOf } from '../evidence/evidence-of.js';
import type { ResolverAsker } from '../ports/resolver-asker.port.js';
import type { ClaimedWatch, WatchStore } from '../ports/watch-store.port.js';
import { decideTelling } from './decide-telling.js';
import { confirmAfterMs, nextLookInMs } from './schedule.js';

/** One look at one due watch: ask, conclude, and tell the gateway if there is something new. */
export class LookAtWatch {
  constructor(private readonly check: PropagationCheck, private readonly resolvers: ResolverAsker, private readonly store: WatchStore, private readonly clock: Clock) {}

  async run(watch: ClaimedWatch, signal: AbortSignal): Promise<void> {
    const look = await this.check.run(watch, signal);
    if (signal.aborted) return; // the claim runs out and another verifier looks
    const { verdict, silences } = look.conclusion;
    const telling = decideTelling(watch, verdict);
    // Recursive resolvers only now: asking earlier makes the negative cache that one then waits for.
    const isVisible = verdict === 'published' ? await this.visibility(watch, signal) : null;
    const isNewlyVisible = isVisible !== null && isVisible !== watch.visibleAtResolvers;
    const ttlSeconds = Math.min(...watch.recordSets.map((set) => set.ttlSeconds));
    const nextMs = telling === 'doubt' ? confirmAfterMs : nextLookInMs(watch.lookedForMs, ttlSeconds, watch.denseSince !== null && (verdict !== watchedFor(watch) || isVisible === false));
    const projection = projectionOf(look, isVisible);
    const message = telling === 'tell' || isNewlyVisible
      ? newMessage(verdictReached, { tenantId: watch.tenantId, connectionId: watch.connectionId, generation: watch.generation, causationId: watch.causationId },
        { expectation: watch.expectation, projection, next_check_at: new Date(look.observedAt.getTime() + nextMs).toISOString() }, this.clock)
      : null;
    await this.store.settle(watch, {
      verdict: telling === 'doubt' ? watch.verdict : verdict, isDoubted: telling === 'doubt', visibleAtResolvers: isVisible, silences, evidence: evidenceOf(look), nextLookInMs: nextMs, message,
    });
  }

  private async visibility(watch: ClaimedWatch, signal: AbortSignal): Promise<boolean | null> {
    return watch.visibleAtResolvers === true ? true : this.resolvers.show(watch.recordSets, signal);
  }
}

/** The verdict after which nobody waits any more. */
function watchedFor(watch: ClaimedWatch): 'published' | 'absent' {
  return watch.expectation === 'present' ? 'published' : 'absent';
}

function projectionOf(look: Look, isVisible: boolean | null): VerdictProjection {
  const { verdict, codes, warnings } = look.conclusion;
  return { verdict, codes, warnings, servers: look.seen.map((one) => serverObservation(one, look.observedAt)), visible_at_resolvers: isVisible, as_of: look.observedAt.toISOString() };
}

function serverObservation(seen: SeenAnswer, observedAt: Date): VerdictProjection['servers'][number] {
  return { server: displayName(seen.server), address: seen.address, owner_name: seen.recordSet.ownerName, type: seen.recordSet.type, code: seen.code, observed_at: observedAt.toISOString() };
}
