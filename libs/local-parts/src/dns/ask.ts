import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import * as dnsPacket from 'dns-packet';

export interface Answer {
  rcode: string;
  isAuthoritative: boolean;
  answers: dnsPacket.Answer[];
  authorities: dnsPacket.Answer[];
}

/** One question over UDP to one server, without recursion unless asked for. Undefined when nothing came back in time. */
export function ask(
  server: { address: string; port: number }, name: string, type: dnsPacket.RecordType, options: { timeoutMs?: number; recursive?: boolean } = {},
): Promise<Answer | undefined> {
  const id = randomInt(0, 65_536);
  const question = dnsPacket.encode({ type: 'query', id, flags: options.recursive ? dnsPacket.RECURSION_DESIRED : 0, questions: [{ type, name: name.replace(/\.$/, '') || '.' }] });
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const finish = (answer: Answer | undefined): void => {
      clearTimeout(timer);
      socket.close();
      resolve(answer);
    };
    const timer = setTimeout(() => finish(undefined), options.timeoutMs ?? 1_000);
    socket.once('error', () => finish(undefined));
    socket.on('message', (message) => {
      const packet = dnsPacket.decode(message) as dnsPacket.DecodedPacket & { rcode: string };
      if (packet.id !== id) return;
      finish({ rcode: packet.rcode, isAuthoritative: packet.flag_aa, answers: packet.answers ?? [], authorities: packet.authorities ?? [] });
    });
    // "connect" makes the kernel drop datagrams of others and report a closed port at once.
    socket.connect(server.port, server.address, () => socket.send(question));
  });
}

/** True when the server answers with authority for each of the zones. */
export async function servesZones(server: { address: string; port: number }, zones: readonly string[]): Promise<boolean> {
  const answers = await Promise.all(zones.map((zone) => ask(server, zone, 'SOA', { timeoutMs: 300 })));
  return answers.every((answer) => answer?.isAuthoritative === true && answer.answers.length > 0);
}
