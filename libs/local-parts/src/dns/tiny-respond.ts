import {
  decodeMessage, decodeUpdate, encodeResponse, opcodeQuery, opcodeUpdate, signTsigAnswer, verifyTsigRequest,
  type DnsMessage, type Rcode, type ResponseInput, type TsigKey, type TsigRequestCheck,
} from '@connect/dns-client';
import type { OwnerName } from '@connect/domain';
import { applyUpdate } from './tiny-update.js';
import { answerFrom, type TinyZone } from './tiny-zone.js';

/** A zone and the key that may update and transfer it. */
export interface ServedZone {
  zone: TinyZone;
  key?: TsigKey;
}

const ownUdpLimitBytes = 1232; // https://www.dnsflagday.net/2020/
const tsigReserveBytes = 200;

/**
 * The answer to one message, or undefined for what is no request. Questions go to anybody; updates (RFC 2136) and
 * transfers (RFC 5936) only to who signs with the zone's key (RFC 8945).
 */
export function respond(served: ReadonlyMap<string, ServedZone>, message: Buffer, transport: 'udp' | 'tcp', now: Date): Buffer | undefined {
  if (message.length < 12 || (message.readUInt16BE(2) & 0x8000) !== 0) return undefined;
  const id = message.readUInt16BE(0);
  const opcode = (message.readUInt16BE(2) >> 11) & 15;
  try {
    const check = verifyTsigRequest(message, (name) => keyNamed(served, name), now);
    if (check.outcome === 'refused') return signTsigAnswer(encodeResponse({ id, opcode, rcode: 'NOTAUTH' }), check, now);
    if (opcode === opcodeUpdate) return signTsigAnswer(encodeResponse({ id, opcode, rcode: update(served, message, check) }), check, now);
    if (opcode !== opcodeQuery) return encodeResponse({ id, opcode, rcode: 'NOTIMP' });
    return signTsigAnswer(answerQuestion(served, decodeMessage(message), transport, check), check, now);
  } catch {
    return encodeResponse({ id, opcode, rcode: 'FORMERR' }); // whatever it was, it could not be read
  }
}

function keyNamed(served: ReadonlyMap<string, ServedZone>, name: OwnerName): TsigKey | undefined {
  return [...served.values()].find(({ key }) => key?.name === name)?.key;
}

function update(served: ReadonlyMap<string, ServedZone>, message: Buffer, check: TsigRequestCheck): Rcode {
  const request = decodeUpdate(message);
  const at = served.get(request.zone);
  if (at === undefined) return 'NOTAUTH';
  return isKeyholder(at, check) ? applyUpdate(at.zone, request) : 'REFUSED';
}

function isKeyholder({ key }: ServedZone, check: TsigRequestCheck): boolean {
  return check.outcome === 'verified' && key !== undefined && check.key.name === key.name;
}

function answerQuestion(served: ReadonlyMap<string, ServedZone>, request: DnsMessage, transport: 'udp' | 'tcp', check: TsigRequestCheck): Buffer {
  const question = request.questions[0];
  const head = {
    id: request.id, questions: request.questions, recursionDesired: request.recursionDesired,
    ...(request.edns === null ? {} : { udpPayloadSize: ownUdpLimitBytes }),
  };
  if (question === undefined) return encodeResponse({ ...head, rcode: 'FORMERR' });
  if (question.type === 'AXFR') return encodeResponse(transfer(served.get(question.ownerName), head, transport, check));
  const found = answerFrom([...served.values()].map(({ zone }) => zone), question.ownerName, question.type);
  const message = encodeResponse({ ...head, ...found, authoritative: found.isAuthoritative });
  const udpLimit = Math.min(Math.max(512, request.edns?.udpPayloadSize ?? 512), ownUdpLimitBytes) - (check.outcome === 'verified' ? tsigReserveBytes : 0);
  if (transport === 'tcp' || message.length <= udpLimit) return message;
  return encodeResponse({ ...head, rcode: found.rcode, authoritative: found.isAuthoritative, truncated: true });
}

/** The whole zone in one message, SOA first and last: zones of a demo are small. A larger one does not fit and is refused. */
function transfer(at: ServedZone | undefined, head: Omit<ResponseInput, 'rcode'>, transport: 'udp' | 'tcp', check: TsigRequestCheck): ResponseInput {
  if (at === undefined) return { ...head, rcode: 'NOTAUTH' };
  if (transport === 'udp' || !isKeyholder(at, check)) return { ...head, rcode: 'REFUSED' };
  const soa = at.zone.at(at.zone.name, 'SOA');
  const others = at.zone.records().filter((record) => record.type !== 'SOA');
  return { ...head, rcode: 'NOERROR', authoritative: true, answers: [...soa, ...others, ...soa] };
}
