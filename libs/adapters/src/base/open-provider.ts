import { ProviderError, isConnectError, isWithin, sameRecordSet, type Change, type OwnerName, type Secret } from '@connect/domain';
import type { ChangeOutcome, Provider, ProviderAdapter, ProviderPorts, Zone, ZoneReading, ZoneSearch } from '../spi/index.js';
import { mayHaveHappened, meetsAll } from './apply-one-by-one.js';
import { chunksOf } from './chunks.js';
import { prepareChanges, refused, type PreparedChange } from './prepare-changes.js';

/** A reading that is younger than this counts as the look directly before the write (P1). */
const freshForMs = 500;

/**
 * Opens a provider for one turn, with everything around the raw adapter that must hold for all: checks before anything is sent, TTL limits, a
 * second look before a write where the provider has no compare-and-swap, portions, an outcome for each change, one kind of error.
 *
 * `applyChanges` throws only what is about the account or the provider (a rejected credential, a rate limit), and only if nothing was written; a
 * refusal of the changes themselves and a lost answer are outcomes.
 * Throws `credential_format`.
 */
export function openProvider(provider: Provider, token: Secret<string>, ports: ProviderPorts): ProviderAdapter {
  const raw = provider.open(token, ports);
  const readAt = new WeakMap<ZoneReading, number>();
  const { descriptor } = provider;

  async function read(zone: Zone, names: readonly OwnerName[] | 'all', signal: AbortSignal): Promise<ZoneReading> {
    const reading = await guarded(signal, () => raw.getRecordSets(zone, names, signal));
    const kept = { ...reading, recordSets: reading.recordSets.filter((set) => isWithin(set.ownerName, zone.apex)) };
    readAt.set(kept, ports.clock.now().getTime());
    return kept;
  }

  /** P1 where the provider cannot refuse a stale write: look again unless we have only just looked. */
  async function lookAgain(zone: Zone, prepared: PreparedChange[], reading: ZoneReading, signal: AbortSignal): Promise<ZoneReading> {
    const age = ports.clock.now().getTime() - (readAt.get(reading) ?? Number.NEGATIVE_INFINITY);
    if (descriptor.writeGuard === 'compare_and_swap' || (age >= 0 && age <= freshForMs)) return reading;
    return read(zone, [...new Set(prepared.map(({ sent }) => sent.ownerName))], signal);
  }

  return {
    checkCredential: (zone: string | null, signal: AbortSignal) => guarded(signal, () => raw.checkCredential(zone, signal)),
    findZone: (search: ZoneSearch, signal: AbortSignal) => guarded(signal, () => raw.findZone(search, signal)),
    getRecordSets: read,
    async applyChanges(zone: Zone, changes: readonly Change[], reading: ZoneReading, signal: AbortSignal): Promise<ChangeOutcome[]> {
      if (signal.aborted) throw givenUp();
      const first = prepareChanges(provider, zone, changes, reading);
      if (first.accepted.length === 0) return inOrder(changes, first.settled);
      const latest = await lookAgain(zone, first.accepted, reading, signal);
      const { accepted, settled } = latest === reading ? first : again(provider, zone, first, latest);
      const written = await writeInPortions(accepted, descriptor.maxChangesPerWrite, (portion) => raw.applyChanges(zone, portion, latest, signal), signal);
      return inOrder(changes, [...settled, ...written]);
    },
  };
}

/** The checks again on the later reading; a change whose set moved meanwhile is refused with `zone_changed`. */
function again(provider: Provider, zone: Zone, first: ReturnType<typeof prepareChanges>, latest: ZoneReading): ReturnType<typeof prepareChanges> {
  const second = prepareChanges(provider, zone, first.accepted.map(({ asked }) => asked), latest);
  return { accepted: second.accepted, settled: [...first.settled, ...second.settled] };
}

async function writeInPortions(prepared: PreparedChange[], size: number, write: (changes: Change[]) => Promise<ChangeOutcome[]>, signal: AbortSignal): Promise<ChangeOutcome[]> {
  const outcomes: ChangeOutcome[] = [];
  const portions = chunksOf(prepared, size, ({ sent }) => sent.ownerName);
  for (const [at, portion] of portions.entries()) {
    const rest = portions.slice(at).flat();
    try {
      if (signal.aborted) throw givenUp();
      const settled = await write(portion.map(({ sent }) => sent));
      outcomes.push(...portion.map((each) => outcomeOf(each, settled)));
    } catch (error) {
      if (mayHaveHappened(error)) {
        const detail = isConnectError(error) ? (error.detail ?? null) : 'the adapter failed after it had begun to write';
        const unknown = portion.map(({ asked }): ChangeOutcome => ({ change: asked, status: 'unknown', code: 'outcome_unknown', detail }));
        return [...outcomes, ...unknown, ...rest.slice(portion.length).map(({ asked }) => refused(asked, 'provider_unavailable', 'not sent: the answer before it was lost'))];
      }
      const refusal = normalized(error);
      if (!meetsAll(refusal)) outcomes.push(...portion.map(({ asked }) => refused(asked, refusal.code, refusal.detail ?? null)));
      else if (at === 0) throw refusal;
      else return [...outcomes, ...rest.map(({ asked }) => refused(asked, refusal.code, refusal.detail ?? null))];
    }
    if (outcomes.some(({ status }) => status === 'unknown')) {
      return [...outcomes, ...rest.slice(portion.length).map(({ asked }) => refused(asked, 'provider_unavailable', 'not sent: the answer before it was lost'))];
    }
  }
  return outcomes;
}

/** An adapter that forgets a change has not said what became of it. */
function outcomeOf({ asked, sent }: PreparedChange, settled: readonly ChangeOutcome[]): ChangeOutcome {
  const found = settled.find(({ change }) => change === sent) ?? settled.find(({ change }) => change.ownerName === sent.ownerName && change.type === sent.type && sameRecordSet(change.after, sent.after));
  return found === undefined ? { change: asked, status: 'unknown', code: 'outcome_unknown', detail: 'the adapter gave no outcome' } : { ...found, change: asked };
}

function inOrder(changes: readonly Change[], outcomes: readonly ChangeOutcome[]): ChangeOutcome[] {
  return changes.flatMap((change) => outcomes.filter((outcome) => outcome.change === change));
}

async function guarded<T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> {
  if (signal.aborted) throw givenUp();
  try {
    return await call();
  } catch (error) {
    throw normalized(error);
  }
}

/** One kind of error. What is not ours may quote an answer, a URL or a credential, so only its kind is kept. */
function normalized(error: unknown): ProviderError {
  if (error instanceof ProviderError) return error;
  if (isConnectError(error)) return new ProviderError('provider_protocol', { detail: `the answer does not fit: ${error.code}` });
  return new ProviderError('provider_protocol', { detail: `the adapter failed (${error instanceof Error ? error.name : typeof error})` });
}

function givenUp(): ProviderError {
  return new ProviderError('provider_unavailable', { detail: 'the call was given up before anything was sent' });
}
