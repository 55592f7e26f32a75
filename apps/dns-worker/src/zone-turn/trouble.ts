import { ConnectError, isConnectError } from '@connect/domain';
import type { Logger } from '@connect/observability';
import type { Randomness } from '../ports/randomness.port.js';
import { retryDelayMs } from '../zone-work/retry-delay.js';
import type { WorkEnds } from '../zone-work/work-ends.js';
import type { ZoneWork } from '../zone-work/zone-work.js';

/** What an error that met a whole group means for each of its works; the catalogue decides. */
export class Trouble {
  constructor(private readonly ends: WorkEnds, private readonly random: Randomness, private readonly log: Logger) {}

  async meets(works: readonly ZoneWork[], error: unknown): Promise<void> {
    const known = isConnectError(error) && error.code !== 'internal' ? error : new ConnectError('internal');
    if (known !== error) this.log.error({ err: error, works: works.length }, 'work failed in a way that nobody foresaw; trying again');
    // One throw for all: they come back together, and cost one turn.
    const thrown = this.random();
    // There may be room for some: by itself it is seen for which.
    const isTriedAlone = known.code === 'zone_full' && works.length > 1;
    for (const work of works) {
      if (isTriedAlone) await this.ends.delay(work, { code: known.code, detail: known.detail ?? null, delayMs: 0, alone: true, attempts: work.attempts });
      else if (known.row.retry === 'never') await this.ends.refuse(work, known.code, known.detail ?? null);
      else await this.ends.delay(work, { code: known.code, detail: known.detail ?? null, delayMs: retryDelayMs(known, work.attempts, () => thrown) });
    }
  }
}
