import { isWithin, ownerName, type OwnerName } from '@connect/domain';
import type { AnswerRecord, NameServerAsker, Question, ServerAnswer } from '../ports/name-server-asker.port.js';

export type ScriptedZone = { zone: string; at: string[]; records: [name: string, type: string, value: string][] };

/** Name servers without a network: at each address the zones that are served there. An address without a zone, and a question that is said to be lost, get no answer. */
export class ScriptedAsker implements NameServerAsker {
  readonly asked: { address: string; question: Question }[] = [];
  isLost: (address: string, question: Question) => boolean = () => false;
  /** How long silence lasts, for specs that move the time. */
  silenceMs = 0;

  constructor(private readonly zones: ScriptedZone[]) {}

  async ask(address: string, question: Question, signal: AbortSignal): Promise<ServerAnswer> {
    this.asked.push({ address, question });
    const served = this.zones.filter((one) => one.at.includes(address)).sort((one, other) => other.zone.length - one.zone.length);
    const zone = served.find((one) => isWithin(question.ownerName, ownerName(one.zone)));
    if (!signal.aborted && zone !== undefined && !this.isLost(address, question)) return answerFrom(zone, question);
    if (this.silenceMs > 0) await passed(this.silenceMs, signal);
    return { kind: 'silence', why: 'timeout', elapsedMs: this.silenceMs };
  }
}

function passed(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
    setTimeout(resolve, ms);
  });
}

export function said(more: Partial<Extract<ServerAnswer, { kind: 'answer' }>>): ServerAnswer {
  return { kind: 'answer', rcode: 'NOERROR', authoritative: true, answers: [], authorities: [], additionals: [], transport: 'udp', elapsedMs: 0, ...more };
}

export function recordOf(name: string, type: string, value: string): AnswerRecord {
  return { ownerName: ownerName(name), type, ttlSeconds: 3_600, value };
}

/** A referral with glue, the records, or the SOA record that goes with a negative answer. */
function answerFrom({ zone, records }: ScriptedZone, { ownerName: name, type }: Question): ServerAnswer {
  const apex = ownerName(zone);
  const all = records.map((record) => recordOf(...record));
  const cut = all.find((record) => record.type === 'NS' && record.ownerName !== apex && isWithin(name, record.ownerName))?.ownerName;
  if (cut !== undefined) return referral(all, cut);
  const there = all.filter((record) => record.ownerName === name);
  const answers = there.filter((record) => record.type === type || record.type === 'CNAME');
  if (answers.length > 0) return said({ answers, additionals: glueFor(answers, all) });
  const authorities = [recordOf(zone, 'SOA', `ns.${zone} root.${zone} 1 1 1 1 60`)];
  if (type === 'SOA' && name === apex) return said({ answers: authorities });
  return said({ rcode: there.length > 0 || name === apex ? 'NOERROR' : 'NXDOMAIN', authorities });
}

function referral(all: readonly AnswerRecord[], cut: OwnerName): ServerAnswer {
  const authorities = all.filter((record) => record.type === 'NS' && record.ownerName === cut);
  return said({ authoritative: false, authorities, additionals: glueFor(authorities, all) });
}

function glueFor(records: readonly AnswerRecord[], all: readonly AnswerRecord[]): AnswerRecord[] {
  const names = records.filter((record) => record.type === 'NS').map((record) => record.value);
  return all.filter((record) => names.includes(record.ownerName) && (record.type === 'A' || record.type === 'AAAA'));
}
