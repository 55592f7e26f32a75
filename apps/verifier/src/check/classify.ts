import { isSpf, sameValue, spfMechanisms, spfTermKey, spfTerms, valueKey, without, type ObservationCode, type RecordSet, type RecordValue } from '@connect/domain';
import type { AnswerRecord, ServerAnswer } from '../ports/name-server-asker.port.js';
import { askedType, type HostAddresses } from '../walk/delegation.js';

/** Values of these types stand beside others of the same set: ours must be among them. All other sets must be exactly as expected. */
const additiveTypes: readonly string[] = ['TXT', 'CAA', 'SRV', 'NS'];

/** What one address' answer says about one expected record set. */
export function classify(expected: RecordSet, answer: ServerAnswer): ObservationCode {
  const failure = failureOf(answer);
  if (failure !== null) return failure;
  const records = answersOf(answer);
  const atName = records.filter((record) => record.ownerName === expected.ownerName);
  const values = atName.filter((record) => record.type === expected.type).map((record) => record.value);
  if (values.length === 0 && expected.type !== 'CNAME' && atName.some((record) => record.type === 'CNAME')) return loops(records) ? 'cname_loop' : 'conflicting_value';
  if (values.length === 0) return answer.kind === 'answer' && answer.rcode === 'NXDOMAIN' ? 'nxdomain' : 'missing_value';
  if (without(expected.type, expected.values, values).some((value) => !isInMergedSpf(expected.type, value, values))) return additiveTypes.includes(expected.type) ? 'missing_value' : 'conflicting_value';
  if (!additiveTypes.includes(expected.type) && without(expected.type, values, expected.values).length > 0) return 'conflicting_value';
  return 'expected_value';
}

/** A name has one SPF record (RFC 7208 3.2), so ours was merged into the one that was there: our mechanisms must be in it, and how it ends is its owner's. */
function isInMergedSpf(type: string, expected: RecordValue, values: readonly RecordValue[]): boolean {
  if (type !== 'TXT' || !isSpf(expected)) return false;
  const [record, ...others] = values.filter(isSpf);
  if (record === undefined || others.length > 0) return false;
  const there = new Set(spfTerms(record).map(spfTermKey));
  return spfMechanisms(expected).every((term) => there.has(spfTermKey(term)));
}

/** For values that must be gone: `expected_value` while one of them is still there, `missing_value` once none is. */
export function classifyAbsence(gone: RecordSet, answer: ServerAnswer): ObservationCode {
  const failure = failureOf(answer);
  if (failure !== null) return failure;
  const keys = new Set(gone.values.map((value) => valueKey(gone.type, value)));
  const there = answersOf(answer).some((record) => record.ownerName === gone.ownerName && record.type === askedType(gone) && keys.has(valueKey(record.type, record.value)));
  if (there) return 'expected_value';
  return answer.kind === 'answer' && answer.rcode === 'NXDOMAIN' ? 'nxdomain' : 'missing_value';
}

/** A provider that flattens an alias serves its target's addresses instead; the same addresses mean the same to a client. */
export function classifyFlattened(served: readonly AnswerRecord[], target: HostAddresses): ObservationCode {
  const areOfTarget = served.map((record) => isAddressOf(target, record));
  if (areOfTarget.includes(false)) return 'conflicting_value';
  return areOfTarget.includes(null) ? 'target_unknown' : 'flattened_equivalent';
}

/** It is still there while any address of its target is. */
export function classifyFlattenedAbsence(served: readonly AnswerRecord[], target: HostAddresses): ObservationCode {
  const areOfTarget = served.map((record) => isAddressOf(target, record));
  if (areOfTarget.includes(true)) return 'expected_value';
  return areOfTarget.includes(null) ? 'target_unknown' : 'missing_value';
}

/** Null where nobody said which addresses of that type the target has. */
function isAddressOf(target: HostAddresses, { type, value }: AnswerRecord): boolean | null {
  return target[type as keyof HostAddresses]?.some((one) => sameValue(type, one, value)) ?? null;
}

/** Does this code come from an authoritative answer? Only such an answer counts for a verdict (P6). */
export function isAuthoritative(code: ObservationCode): boolean {
  return code === 'expected_value' || code === 'flattened_equivalent' || isDifferent(code);
}

export function isDifferent(code: ObservationCode): boolean {
  return code === 'missing_value' || code === 'nxdomain' || code === 'conflicting_value' || code === 'cname_loop' || code === 'proxied';
}

/** Null: an authoritative answer, if only that there is nothing. */
export function failureOf(answer: ServerAnswer): ObservationCode | null {
  if (answer.kind === 'silence') return 'unreachable';
  if (answer.rcode === 'REFUSED') return 'refused';
  if (answer.rcode === 'SERVFAIL') return 'servfail';
  if (answer.rcode !== 'NOERROR' && answer.rcode !== 'NXDOMAIN') return 'lame';
  return answer.authoritative ? null : 'lame';
}

function answersOf(answer: ServerAnswer): AnswerRecord[] {
  return answer.kind === 'answer' ? answer.answers : [];
}

function loops(records: AnswerRecord[]): boolean {
  const targets = new Map(records.filter((record) => record.type === 'CNAME').map((record) => [record.ownerName as string, record.value]));
  for (const start of targets.keys()) {
    const seen = new Set<string>();
    for (let at: string | undefined = start; at !== undefined; at = targets.get(at)) {
      if (seen.has(at)) return true;
      seen.add(at);
    }
  }
  return false;
}

