import type { ObservationCode, OwnerName, RecordSet, Verdict } from '@connect/domain';
import { isAuthoritative, isDifferent } from './classify.js';

/** What one address showed for one record set at one look. */
export type Observation = { server: OwnerName; address: string; recordSet: RecordSet; code: ObservationCode };

/** Looks in a row in which a server gave no authoritative answer. Instants are ISO 8601 UTC. */
export type Silence = { since: string; looks: number };
export type Silences = Record<string, Silence>;

export type Conclusion = { verdict: Verdict; codes: ObservationCode[]; warnings: string[]; silences: Silences };

/** P6: three looks over ten minutes without an authoritative answer make a server a warning. */
const excusedAfterLooks = 3;
const excusedAfterMs = 600_000;

/**
 * The verdict of one look, by P6. Per server and record set: *agrees* (an address gave the expected data authoritatively and none gave other data),
 * *differs* (an address gave other data) or *silent* (no authoritative answer). Silent servers block until they are excused, and are never excused
 * alone: a record set for which no server speaks is neither published nor gone.
 */
export function conclude(expectation: 'present' | 'absent', recordSets: readonly RecordSet[], observations: readonly Observation[], servers: readonly OwnerName[], before: Silences, now: Date): Conclusion {
  const unasked = recordSets.filter((set) => !observations.some((one) => one.recordSet === set));
  const codes = [...new Set([...observations.map((one) => one.code), ...unasked.map(() => 'unreachable' as const)])].sort();
  if (codes.includes('our_side')) return { verdict: 'unknown', codes: ['our_side'], warnings: [], silences: before };
  const silences = nextSilences(observations, servers, before, now);
  const excused = Object.entries(silences).filter(([, silence]) => isExcused(silence, now)).map(([server]) => server);
  const heard = observations.filter((one) => isAuthoritative(one.code));
  const warnings = excused.map((server) => `${server} gave no authoritative answer in ${silences[server]!.looks} looks`);
  if (heard.length === 0) return { verdict: 'unknown', codes: codes.length === 0 ? ['unreachable'] : codes, warnings, silences };
  const silent = Object.keys(silences).filter((server) => !excused.includes(server));
  const isHeardFully = silent.length === 0 && recordSets.every((set) => heard.some((one) => one.recordSet === set));
  const verdict = expectation === 'present' ? presence(heard, isHeardFully) : absence(heard, isHeardFully);
  const isSplit = verdict !== 'published' && heard.some((one) => !isDifferent(one.code)) && heard.some((one) => isDifferent(one.code)) && expectation === 'present';
  return { verdict, codes: isSplit ? [...new Set<ObservationCode>([...codes, 'split_answers'])].sort() : codes, warnings, silences };
}

function presence(heard: readonly Observation[], isHeardFully: boolean): Verdict {
  if (heard.some((one) => one.code === 'conflicting_value' || one.code === 'cname_loop' || one.code === 'proxied')) return 'conflicting';
  const missing = heard.filter((one) => isDifferent(one.code)).length;
  if (missing === heard.length) return 'absent';
  return missing === 0 && isHeardFully ? 'published' : 'partial';
}

function absence(heard: readonly Observation[], isHeardFully: boolean): Verdict {
  return heard.some((one) => one.code === 'expected_value') || !isHeardFully ? 'partial' : 'absent';
}

function nextSilences(observations: readonly Observation[], servers: readonly OwnerName[], before: Silences, now: Date): Silences {
  const silences: Silences = {};
  for (const server of servers) {
    const own = observations.filter((one) => one.server === server);
    const sets = new Set(own.map((one) => one.recordSet));
    const answersAll = sets.size > 0 && [...sets].every((set) => own.some((one) => one.recordSet === set && isAuthoritative(one.code)));
    if (answersAll) continue;
    const known = before[server];
    silences[server] = known === undefined ? { since: now.toISOString(), looks: 1 } : { since: known.since, looks: known.looks + 1 };
  }
  return silences;
}

function isExcused(silence: Silence, now: Date): boolean {
  return silence.looks >= excusedAfterLooks && now.getTime() - new Date(silence.since).getTime() >= excusedAfterMs;
}
