import type { Verdict } from '@connect/domain';

/** Is a look's verdict told to the gateway, and is it looked at again soon first? A departure from `published` is told after a second look only. */
export function decideTelling(before: { verdict: Verdict | null; isDoubted: boolean }, seen: Verdict): 'tell' | 'doubt' | 'same' {
  if (before.verdict === 'published' && seen !== 'published') return before.isDoubted ? 'tell' : 'doubt';
  return before.verdict === seen ? 'same' : 'tell';
}
