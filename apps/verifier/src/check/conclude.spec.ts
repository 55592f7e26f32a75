import { describe, expect, it } from '@jest/globals';
import { ownerName, type ObservationCode, type RecordSet } from '@connect/domain';
import { conclude, type Conclusion, type Observation, type Silences } from './conclude.js';

const now = new Date('2026-01-01T01:00:00.000Z');
const recordSet: RecordSet = { ownerName: ownerName('shop.example.com'), type: 'A', ttlSeconds: 60, values: ['192.0.2.1'] };
const [ns1, ns2] = [ownerName('ns1.example.net'), ownerName('ns2.example.net')];

function look(codes: Record<string, ObservationCode[]>): Observation[] {
  return Object.entries(codes).flatMap(([server, list]) => list.map((code, i) => ({ server: ownerName(server), address: `192.0.2.${i}`, recordSet, code })));
}
function verdictOf(first: ObservationCode[], second: ObservationCode[], silences: Silences = {}): string {
  return conclude('present', [recordSet], look({ [ns1]: first, [ns2]: second }), [ns1, ns2], silences, now).verdict;
}
const silentFor = (looks: number, minutes: number): Silences => ({ [ns2]: { looks, since: new Date(now.getTime() - minutes * 60_000).toISOString() } });

describe('P6 no verdict without evidence', () => {
  it('is published when every server gave the expected data by at least one address', () => {
    expect(verdictOf(['expected_value'], ['unreachable', 'expected_value'])).toBe('published');
  });

  it('is partial while one server does not have it yet', () => {
    expect(verdictOf(['expected_value'], ['missing_value'])).toBe('partial');
    expect(verdictOf(['expected_value'], ['nxdomain'])).toBe('partial');
  });

  it('is absent when no server has it', () => {
    expect(verdictOf(['missing_value'], ['nxdomain'])).toBe('absent');
  });

  it('is conflicting when one address gives other data, even if another address agrees', () => {
    expect(verdictOf(['expected_value'], ['expected_value', 'conflicting_value'])).toBe('conflicting');
  });

  it('waits for a silent server until three looks over ten minutes', () => {
    expect(verdictOf(['expected_value'], ['unreachable'])).toBe('partial');
    expect(verdictOf(['expected_value'], ['lame'], silentFor(1, 30))).toBe('partial');
    expect(verdictOf(['expected_value'], ['refused'], silentFor(9, 9))).toBe('partial');
    expect(verdictOf(['expected_value'], ['servfail'], silentFor(2, 10))).toBe('published');
  });

  it('names an excused server as a warning', () => {
    const conclusion = conclude('present', [recordSet], look({ [ns1]: ['expected_value'], [ns2]: ['unreachable'] }), [ns1, ns2], silentFor(5, 60), now);

    expect(conclusion.warnings).toEqual(['ns2.example.net. gave no authoritative answer in 6 looks']);
  });

  it('never excuses the last voice: nobody answered is unknown', () => {
    expect(verdictOf(['unreachable'], ['lame'], { ...silentFor(9, 90), [ns1]: { looks: 9, since: '2026-01-01T00:00:00.000Z' } })).toBe('unknown');
  });

  it('never excuses the last voice for one record set: what nobody showed is neither published nor gone', () => {
    const other: RecordSet = { ...recordSet, type: 'TXT', values: ['"proof"'] };
    const bothSilent: Silences = { ...silentFor(9, 90), [ns1]: { looks: 9, since: '2026-01-01T00:00:00.000Z' } };
    const of = (expectation: 'present' | 'absent', heard: ObservationCode, unheard: ObservationCode[]): Conclusion => {
      const observations = [ns1, ns2].flatMap((server) => [...look({ [server]: [heard] }), ...look({ [server]: unheard }).map((one) => ({ ...one, recordSet: other }))]);
      return conclude(expectation, [recordSet, other], observations, [ns1, ns2], bothSilent, now);
    };

    expect(of('present', 'expected_value', ['servfail'])).toMatchObject({ verdict: 'partial', codes: ['expected_value', 'servfail'] });
    expect(of('absent', 'missing_value', ['servfail'])).toMatchObject({ verdict: 'partial', codes: ['missing_value', 'servfail'] });
    // A zone without any address leaves no observation at all.
    expect(of('present', 'expected_value', [])).toMatchObject({ verdict: 'partial', codes: ['expected_value', 'unreachable'] });
    expect(of('absent', 'missing_value', [])).toMatchObject({ verdict: 'partial', codes: ['missing_value', 'unreachable'] });
    expect(of('present', 'conflicting_value', ['servfail']).verdict).toBe('conflicting');
  });

  it('is unknown when our own side is sick', () => {
    expect(verdictOf(['our_side'], ['our_side'])).toBe('unknown');
  });

  it('forgets the silence of a server that answers again', () => {
    expect(conclude('present', [recordSet], look({ [ns1]: ['expected_value'], [ns2]: ['expected_value'] }), [ns1, ns2], silentFor(9, 90), now).silences).toEqual({});
  });

  it('takes a server without any address for silent', () => {
    expect(conclude('present', [recordSet], look({ [ns1]: ['expected_value'] }), [ns1, ns2], {}, now)).toMatchObject({ verdict: 'partial', silences: { [ns2]: { looks: 1 } } });
  });

  it('says gone only when no server shows the value any more', () => {
    const gone = (first: ObservationCode[], second: ObservationCode[]): string => conclude('absent', [recordSet], look({ [ns1]: first, [ns2]: second }), [ns1, ns2], {}, now).verdict;

    expect(gone(['missing_value'], ['nxdomain'])).toBe('absent');
    expect(gone(['missing_value'], ['expected_value'])).toBe('partial');
    expect(gone(['missing_value'], ['unreachable'])).toBe('partial');
  });
});
