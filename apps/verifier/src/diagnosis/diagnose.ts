import type { ObservationCode, RecordSet } from '@connect/domain';
import { zonesOf, type Look } from '../check/propagation-check.js';
import type { ResolverAsker, ResolverSight } from '../ports/resolver-asker.port.js';
import { withDeadline } from '../with-deadline.js';
import { heldBy, type ChainOfTrust, type Link } from './chain-of-trust.js';
import { agrees, findingsOf, findingsOfDelegation, findingsOfResolvers, isHeard, type Finding } from './finding.js';
import type { WildcardProbe } from './wildcard-probe.js';

/** What stands beside a verdict, so that nobody has to ask why. `isVisible`: null while recursive resolvers are not asked, or say nothing. */
export type Diagnosis = { findings: Finding[]; codes: ObservationCode[]; sights: ResolverSight[]; links: Link[]; isVisible: boolean | null };

type Known = { recordSets: readonly RecordSet[]; visibleAtResolvers: boolean | null };

/** Beside the look itself; what is not known by then is said by a later look. */
const diagnosisTimeoutMs = 5_000;

/** Looks for the reasons behind what a look showed. It changes no verdict: what is found here are findings, and only the name servers' own answers decide (P6). */
export class Diagnose {
  constructor(private readonly wildcards: WildcardProbe, private readonly trust: ChainOfTrust, private readonly resolvers: ResolverAsker) {}

  /** `isVisible`: what was known before; resolvers that showed the records once are not asked again. */
  run(look: Look, watch: Known, stop: AbortSignal): Promise<Diagnosis> {
    return withDeadline(stop, diagnosisTimeoutMs, (signal) => this.reasons(look, watch, signal));
  }

  private async reasons(look: Look, watch: Known, signal: AbortSignal): Promise<Diagnosis> {
    const zones = zonesOf(look);
    const isPublished = look.conclusion.verdict === 'published';
    const [shadows, trusts, sights] = await Promise.all([
      this.wildcards.run(look.seen, zones, signal),
      // Only what is published can be validated, and only then a resolver may be asked: asking earlier makes the negative cache that one then waits for.
      isPublished ? Promise.all(look.chains.map((chain) => this.trust.check(chain, heldBy(chain, watch.recordSets, look.chains), signal))) : [],
      isPublished && watch.visibleAtResolvers !== true ? this.resolvers.show(watch.recordSets, signal) : [],
    ]);
    const findings = [...findingsOf(look.seen), ...shadows, ...trusts.flatMap((trust) => trust.findings), ...findingsOfDelegation(zones), ...findingsOfResolvers(sights, look.observedAt)];
    return {
      findings, sights, links: trusts.flatMap((trust) => trust.links).filter((link, at, all) => all.findIndex((other) => other.zone === link.zone) === at),
      codes: [...new Set([...look.conclusion.codes, ...findings.map((finding) => finding.code)])].sort(),
      isVisible: isPublished ? visibility(sights, watch.visibleAtResolvers) : null,
    };
  }
}

/** Visible is what every resolver that says something shows. */
function visibility(sights: readonly ResolverSight[], before: boolean | null): boolean | null {
  if (before === true) return true;
  const heard = sights.filter(isHeard);
  return heard.length === 0 ? null : heard.every(agrees);
}
