import { accountOf, type ZoneWriting } from '../zone-work/zone-work.js';
import type { WorkGroup } from './zone-task.js';

/** Most urgent first, as they come. */
export function groupsOf(works: readonly ZoneWriting[]): WorkGroup[] {
  const groups = new Map<string, WorkGroup>();
  for (const work of works) {
    const account = accountOf(work);
    const key = JSON.stringify([account, work.alone ? work.id : null]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { account, works: [work] });
    else group.works.push(work);
  }
  return [...groups.values()];
}
