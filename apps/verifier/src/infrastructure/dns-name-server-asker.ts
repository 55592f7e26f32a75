import { DnsClientError, exchange, readSignedSets, type DnsAnswer } from '@connect/dns-client';
import type { Clock } from '@connect/domain';
import type { OutgoingPolicy } from '@connect/adapters/transport';
import type { NameServerAsker, Question, ServerAnswer } from '../ports/name-server-asker.port.js';
import type { SignedAnswer, SignedAsker } from '../ports/signed-asker.port.js';

/** Together 2 s an address: a server that drops UDP may still answer by TCP. */
const udpTimeoutMs = 1_200;
const tcpTimeoutMs = 800;

type Silence = Extract<ServerAnswer, { kind: 'silence' }>;

/** Asks real name servers. Addresses that the outgoing policy refuses are never asked: a delegation is written by others and could name our own network. */
export class DnsNameServerAsker implements NameServerAsker, SignedAsker {
  constructor(private readonly policy: Pick<OutgoingPolicy, 'allows'>, private readonly portMap: Record<string, number>, private readonly clock: Clock) {}

  async ask(address: string, question: Question, signal: AbortSignal): Promise<ServerAnswer> {
    const startedMs = this.clock.monotonicMs();
    const heard = await this.converse(address, question, false, signal, ({ rcode, authoritative, answers, authorities, additionals, transport, elapsedMs }): ServerAnswer => (
      { kind: 'answer', rcode, authoritative, answers, authorities, additionals, transport, elapsedMs }));
    return { ...heard, elapsedMs: this.clock.monotonicMs() - startedMs };
  }

  async askSigned(address: string, question: Question, signal: AbortSignal): Promise<SignedAnswer> {
    return this.converse(address, question, true, signal, ({ rcode, authoritative, wire }): SignedAnswer => ({ kind: 'answer', rcode, authoritative, sets: readSignedSets(wire) }));
  }

  private async converse<Answer extends { kind: string }>(address: string, question: Question, dnssecOk: boolean, signal: AbortSignal, read: (answer: DnsAnswer) => Answer): Promise<Answer | Silence> {
    if (!this.policy.allows(address)) return { kind: 'silence', why: 'denied', elapsedMs: 0 };
    const first = await this.exchange(address, { ...question, dnssecOk }, 'auto', signal, read);
    if (!isTimeout(first) || signal.aborted) return first;
    return this.exchange(address, { ...question, dnssecOk }, 'tcp', signal, read);
  }

  private async exchange<Answer>(address: string, question: Question & { dnssecOk: boolean }, transport: 'auto' | 'tcp', signal: AbortSignal, read: (answer: DnsAnswer) => Answer): Promise<Answer | Silence> {
    const startedMs = this.clock.monotonicMs();
    try {
      return read(await exchange({ ip: address, port: this.portMap[address] ?? 53 }, question, { signal, transport, udpTimeoutMs, tcpTimeoutMs, clock: this.clock }));
    } catch (error) {
      if (!(error instanceof DnsClientError)) throw error;
      return { kind: 'silence', why: silenceOf(error), elapsedMs: this.clock.monotonicMs() - startedMs };
    }
  }
}

function isTimeout(answer: { kind: string; why?: string }): boolean {
  return answer.kind === 'silence' && answer.why === 'timeout';
}

function silenceOf(error: DnsClientError): 'timeout' | 'unreachable' | 'malformed' {
  if (error.code === 'malformed_answer' || error.code === 'too_large' || error.code === 'unsigned_answer') return 'malformed';
  return error.code === 'timeout' || error.code === 'aborted' ? 'timeout' : 'unreachable';
}
