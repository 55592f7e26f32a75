import { ProviderError, isConnectError } from '@connect/domain';
import { mayHaveHappened } from './apply-one-by-one.js';
import { stepByStep } from './record-operations.js';

export type ReplaceCalls = {
  create(): Promise<void>;
  remove(): Promise<void>;
  /** Makes the old record again. */
  restore(): Promise<void>;
};

/**
 * Another record in the place of one, where an API has no update. The new one is made before the old one goes, so that the name is never without an
 * answer; where both cannot stand together, the old one gives way, and comes back if the new one is refused. Throws `outcome_unknown` if half of it happened.
 */
export async function replaceRecord({ create, remove, restore }: ReplaceCalls, { mayStandTogether }: { mayStandTogether: boolean }): Promise<void> {
  if (mayStandTogether && (await isPlaced(create))) return stepByStep([remove], { done: 1 });
  await remove();
  try {
    await create();
  } catch (error) {
    if (!mayHaveHappened(error)) await restore().catch(() => { throw new ProviderError('outcome_unknown', { detail: 'the old record is deleted, the new one is refused, and the old one could not be made again' }); });
    throw error;
  }
}

/** Is the new record there beside the old one? Answers to a copy with another TTL are often not documented. */
async function isPlaced(create: () => Promise<void>): Promise<boolean> {
  try {
    await create();
    return true;
  } catch (error) {
    if (isConnectError(error) && (error.code === 'zone_changed' || error.code === 'record_conflict')) return false;
    throw error;
  }
}
