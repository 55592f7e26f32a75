import { accountOf, type ZoneWork, type ZoneWriting } from '../zone-work/zone-work.js';
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

export function looksByAccount(looks: readonly ZoneWork<'look'>[]): ZoneWork<'look'>[][] {
  const groups = new Map<string, ZoneWork<'look'>[]>();
  for (const look of looks) {
    const key = JSON.stringify(accountOf(look));
    groups.set(key, [...(groups.get(key) ?? []), look]);
  }
  return [...groups.values()];
}
