import { ProviderError, isConnectError } from '@connect/domain';
import { identityOf } from './convert.js';
import type { RecordAnswer } from './schema.js';

type Identified = Pick<RecordAnswer, 'type' | 'name' | 'data'>;

/**
 * A copy is refused because somebody was faster, or because two of our records are one to them: preferences of one host, or services with one target, whose
 * name is without the service. `beside`: what else is known to stand there; it tells which.
 */
export async function explained(write: () => Promise<void>, sent: readonly Identified[], beside: readonly Identified[]): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!isConnectError(error) || error.code !== 'zone_changed') throw error;
    const twin = sent.find((record) => beside.some((other) => other !== record && identityOf(other) === identityOf(record)));
    if (twin === undefined) throw error;
    throw new ProviderError('record_invalid', { detail: `GoDaddy keeps one ${twin.type} record for a name and its data, whatever its other fields; the name of an SRV record is without its service` });
  }
}
