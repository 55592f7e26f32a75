import { ProviderError, type Change, type OwnerName } from '@connect/domain';
import { mayHaveHappened, refused } from '../../base/index.js';
import type { ChangeOutcome } from '../../spi/index.js';

/**
 * There is no batch: a CNAME that takes the place of others, or gives it up, is two calls with a gap. If the second one is refused, what the first one
 * deleted is put back.
 */
export class MadeRoom {
  private readonly deleted = new Map<OwnerName, Change[]>();
  private readonly putBack = new Map<Change, ProviderError>();
  private readonly unclear = new Set<Change>();

  constructor(private readonly restore: (change: Change) => Promise<void>) {}

  /** Carries out one change, and what its refusal asks for. */
  async around(change: Change, apply: () => Promise<void>): Promise<void> {
    const { ownerName } = change;
    if (change.after !== null) return this.orElseBack(change, apply);
    await apply();
    this.deleted.set(ownerName, [...(this.deleted.get(ownerName) ?? []), change]);
  }

  /** A delete that was undone has not happened. */
  settled(outcomes: readonly ChangeOutcome[]): ChangeOutcome[] {
    return outcomes.map((outcome) => {
      const cause = this.putBack.get(outcome.change);
      if (cause !== undefined) return refused(outcome.change, cause.code, 'it was deleted to make room, and put back when the other set was refused');
      return this.unclear.has(outcome.change) ? { ...outcome, status: 'unknown', code: 'outcome_unknown', detail: 'it was deleted to make room, and whether it is back is not known' } : outcome;
    });
  }

  private async orElseBack(change: Change, apply: () => Promise<void>): Promise<void> {
    const gone = (this.deleted.get(change.ownerName) ?? []).filter(({ type }) => type === 'CNAME' || change.type === 'CNAME');
    try {
      await apply();
      this.deleted.delete(change.ownerName);
    } catch (error) {
      if (error instanceof ProviderError && !mayHaveHappened(error)) for (const each of gone) await this.back(each, error);
      throw error;
    }
  }

  /** Where it cannot be put back, it stays what it is: deleted. */
  private async back(change: Change, cause: ProviderError): Promise<void> {
    try {
      await this.restore(change);
      this.putBack.set(change, cause);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      if (mayHaveHappened(error)) this.unclear.add(change);
    } finally {
      this.deleted.delete(change.ownerName);
    }
  }
}
