import { observationCatalogue, type Verdict } from '@connect/domain';
import { keyOf, type Finding } from '../diagnosis/finding.js';

/**
 * Is a look told to the gateway, and is it looked at again soon first? A departure from `published` is told after a second look only. `told` are the findings that stand beside
 * the verdict which was told last: a new one is told although the verdict stays, and so is the end of one.
 */
export function decideTelling(before: { verdict: Verdict | null; isDoubted: boolean; told: readonly string[] }, seen: Verdict, standing: readonly string[]): 'tell' | 'doubt' | 'same' {
  if (before.verdict === 'published' && seen !== 'published') return before.isDoubted ? 'tell' : 'doubt';
  if (before.verdict !== seen) return 'tell';
  return before.told.length === standing.length && standing.every((key) => before.told.includes(key)) ? 'same' : 'tell';
}

/** The findings that never block, each once and in order: the others come and go with the verdict. */
export function standingKeys(findings: readonly Finding[]): string[] {
  return [...new Set(findings.filter((finding) => observationCatalogue[finding.code].effect === 'warns').map(keyOf))].sort();
}
