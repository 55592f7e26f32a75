import { ignoreFailure, isConnectError, ProviderError, type Clock, type ErrorCode } from '@connect/domain';
import type { CircuitPlace, Circuits, OpenCircuit } from '../ports/circuits.port.js';

/** Calls of one worker that fail one after another before nobody calls any more. */
const failuresToOpen = 5;
/** How old a worker's knowledge of the others' circuits may be. */
const knownForMs = 500;
/** A probe is one call; its worker has died when it says nothing for so long. */
const probeWithinMs = 60_000;
/** Who comes while a probe is under way comes again after so long. */
const duringProbeMs = 2_000;

/**
 * Keeps calls from a provider that does not answer: they would each wait for their time limit, and a provider that is down needs no crowd before its door. After the
 * first failures nothing is sent but one probe from time to time; the first call that is answered opens the way for all.
 */
export class CircuitBreaker {
  private readonly failures = new Map<string, number>();
  private known: Promise<ReadonlyMap<string, OpenCircuit>> = Promise.resolve(new Map());
  private knownAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly circuits: Circuits, private readonly clock: Pick<Clock, 'monotonicMs'>) {}

  /** Throws `provider_unavailable` where nothing may be sent now. Before anything is paid for a call. */
  async check(place: CircuitPlace): Promise<void> {
    const circuit = await this.circuitOf(place);
    if (circuit !== undefined && this.probeInMs(circuit) > 0) throw notSent(this.probeInMs(circuit));
  }

  /** Sends one call, as the probe where one is due, and learns from what comes of it. `isWell`: does the answer come from a provider that works? */
  async around<T>(place: CircuitPlace, send: () => Promise<T>, { isWell, signal }: { isWell(answer: T): boolean; signal: AbortSignal }): Promise<T> {
    if ((await this.circuitOf(place)) !== undefined) await this.claimProbe(place);
    try {
      const answer = await send();
      await (isWell(answer) ? this.succeeded(place) : this.failed(place, 'provider_unavailable'));
      return answer;
    } catch (error) {
      const code = isConnectError(error) ? error.code : 'internal';
      // What we gave up ourselves, or did not let out, says nothing of the provider.
      if (!signal.aborted && (code === 'provider_unavailable' || code === 'outcome_unknown')) await this.failed(place, code);
      throw error;
    }
  }

  private async claimProbe(place: CircuitPlace): Promise<void> {
    const isProbe = await this.circuits.probe(place, probeWithinMs);
    this.forget();
    if (!isProbe) throw notSent(duringProbeMs);
  }

  private succeeded(place: CircuitPlace): Promise<void> {
    this.failures.delete(place.key);
    return this.learn(async () => {
      if ((await this.circuitOf(place)) === undefined) return;
      await this.circuits.close(place);
      this.forget();
    });
  }

  private failed(place: CircuitPlace, code: ErrorCode): Promise<void> {
    const failures = (this.failures.get(place.key) ?? 0) + 1;
    this.failures.set(place.key, failures);
    return this.learn(async () => {
      if (failures < failuresToOpen && (await this.circuitOf(place)) === undefined) return;
      await this.circuits.trip(place, code);
      this.forget();
    });
  }

  /** The call was made; that its end could not be noted must not hide what it was. */
  private async learn(note: () => Promise<void>): Promise<void> {
    try {
      await note();
    } catch (error) {
      ignoreFailure(error, 'the database is away; the next call says the same');
    }
  }

  private async circuitOf({ key }: CircuitPlace): Promise<OpenCircuit | undefined> {
    if (this.clock.monotonicMs() - this.knownAtMs > knownForMs) {
      this.knownAtMs = this.clock.monotonicMs();
      this.known = this.circuits.open().then((open) => new Map(open.map((circuit) => [circuit.key, circuit])));
      this.known.catch(() => this.forget());
    }
    return (await this.known).get(key);
  }

  private probeInMs({ probeInMs }: OpenCircuit): number {
    return Math.max(0, probeInMs - (this.clock.monotonicMs() - this.knownAtMs));
  }

  private forget(): void {
    this.knownAtMs = Number.NEGATIVE_INFINITY;
  }
}

function notSent(waitMs: number): ProviderError {
  return new ProviderError('provider_unavailable', { detail: 'it did not answer several calls in a row, so nothing is sent until a single call has shown that it is well again', retryAfterMs: Math.ceil(waitMs) });
}
