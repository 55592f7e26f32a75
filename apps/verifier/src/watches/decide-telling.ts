import { observationCatalogue, type Verdict } from '@connect/domain';
import { keyOf, type Finding } from '../diagnosis/finding.js';
import type { Watch } from './watch.js';

export type Known = Pick<Watch, 'verdict' | 'isDoubted' | 'told'>;
/** What is known after a look, whether the look is told to the gateway, and whether it is looked at again soon. */
export type Telling = Pick<Watch, 'verdict' | 'isDoubted'> & { isTold: boolean; isLookedAtSoon: boolean };

/**
 * A departure from `published` is told after a second look that shows a difference. A look that heard nothing shows none: it is told, and takes nothing from what is known.
 * `standing` is what stands beside the verdict: something new there is told although the verdict stays, and so is its end.
 */
export function decideTelling(before: Known, seen: Verdict, standing: readonly string[]): Telling {
  const { told } = before;
  const isNew = told === null || told.length !== standing.length || !standing.every((key) => told.includes(key));
  if (before.verdict === 'published' && seen === 'unknown') return { verdict: 'published', isDoubted: before.isDoubted, isTold: isNew, isLookedAtSoon: isNew };
  if (before.verdict === 'published' && seen !== 'published' && !before.isDoubted) return { verdict: 'published', isDoubted: true, isTold: false, isLookedAtSoon: true };
  return { verdict: seen, isDoubted: false, isTold: before.verdict !== seen || isNew, isLookedAtSoon: false };
}

/** That nothing was heard, and the findings that never block, each once and in order: the others come and go with the verdict. */
export function standingKeys(verdict: Verdict, findings: readonly Finding[]): string[] {
  const warning = findings.filter((finding) => observationCatalogue[finding.code].effect === 'warns').map(keyOf);
  return [...new Set([...warning, ...(verdict === 'unknown' ? [verdict] : [])])].sort();
}
