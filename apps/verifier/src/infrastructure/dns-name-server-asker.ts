import { DnsClientError, exchange } from '@connect/dns-client';
import type { Clock } from '@connect/domain';
import type { OutgoingPolicy } from '@connect/adapters/transport';
import type { NameServerAsker, Question, ServerAnswer } from '../ports/name-server-asker.port.js';

/** Together 2 s an address: a server that drops UDP may still answer by TCP. */
const udpTimeoutMs = 1_200;
const tcpTimeoutMs = 800;

/** Asks real name servers. Addresses that the outgoing policy refuses are never asked: a delegation is written by others and could name our own network. */
export class DnsNameServerAsker implements NameServerAsker {
  constructor(private readonly policy: Pick<OutgoingPolicy, 'allows'>, private readonly portMap: Record<string, number>, private readonly clock: Clock) {}

  async ask(address: string, question: Question, signal: AbortSignal): Promise<ServerAnswer> {
    const startedMs = this.clock.monotonicMs();
    if (!this.policy.allows(address)) return { kind: 'silence', why: 'denied', elapsedMs: 0 };
    const first = await this.exchange(address, question, 'auto', signal);
    if (first.kind === 'answer' || first.why !== 'timeout' || signal.aborted) return first;
    return { ...(await this.exchange(address, question, 'tcp', signal)), elapsedMs: this.clock.monotonicMs() - startedMs };
  }

  private async exchange(address: string, question: Question, transport: 'auto' | 'tcp', signal: AbortSignal): Promise<ServerAnswer> {
    const startedMs = this.clock.monotonicMs();
    try {
      const answer = await exchange({ ip: address, port: this.portMap[address] ?? 53 }, question, { signal, transport, udpTimeoutMs, tcpTimeoutMs, clock: this.clock });
      const { rcode, authoritative, answers, authorities, additionals, elapsedMs } = answer;
      return { kind: 'answer', rcode, authoritative, answers, authorities, additionals, transport: answer.transport, elapsedMs };
    } catch (error) {
      if (!(error instanceof DnsClientError)) throw error;
      return { kind: 'silence', why: silenceOf(error), elapsedMs: this.clock.monotonicMs() - startedMs };
    }
  }
}

function silenceOf(error: DnsClientError): 'timeout' | 'unreachable' | 'malformed' {
  if (error.code === 'malformed_answer' || error.code === 'too_large' || error.code === 'unsigned_answer') return 'malformed';
  return error.code === 'timeout' || error.code === 'aborted' ? 'timeout' : 'unreachable';
}
