import type { CheckCredential } from '../check-credential/check-credential.use-case.js';
import type { FindZone } from '../find-zone/find-zone.use-case.js';
import type { PreviewPlan } from '../preview-plan/preview-plan.use-case.js';
import type { RemoveWithoutZone } from '../remove-connection/remove-without-zone.use-case.js';
import type { ZoneWork } from '../zone-work/zone-work.js';

export type Errands = { findZone: FindZone; previewPlan: PreviewPlan; checkCredential: CheckCredential; removeWithoutZone: RemoveWithoutZone };

/** What needs no turn. Works that come together are of one credential and all search their zone. */
export class RunErrands {
  constructor(private readonly errands: Errands) {}

  async run(works: readonly ZoneWork[], remainingMs: () => number): Promise<void> {
    const searching = works.filter((work): work is ZoneWork<'apply' | 'undo'> => work.kind === 'apply' || work.kind === 'undo');
    if (searching.length > 0) await this.errands.findZone.run(searching, remainingMs);
    for (const work of works) {
      switch (work.kind) {
        case 'look':
        case 'apply':
        case 'undo':
          break;
        case 'remove':
          await this.errands.removeWithoutZone.run(work);
          break;
        case 'preview':
          await this.errands.previewPlan.run(work, remainingMs);
          break;
        case 'check':
          await this.errands.checkCredential.run(work, remainingMs);
          break;
      }
    }
  }
}
