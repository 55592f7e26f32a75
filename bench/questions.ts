import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeMessage, encodeQuery, exchange } from '@connect/dns-client';
import { ownerName, type OwnerName } from '@connect/domain';
import { startKnot, type RunningKnot } from '@connect/local-parts';
import { atMost, type Row } from './figures.js';

const inFlight = 64;
const rounds = 3;

/**
 * Questions that the verifier's DNS client asks a name server per CPU second of its process, beside the least that Node can do: one socket, one question after
 * another in it, answers known by their number. Ours has a socket for each question, as whoever forges an answer has to guess its port.
 */
export async function questions(perRound: number, say: (text: string) => void): Promise<Row[]> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-questions-'));
  const knot = await startKnot({ dir, zones: [{ name: 'shop.test.', records: [{ name: '*', type: 'CNAME', value: 'edge.saas.test.' }] }] });
  try {
    const names = Array.from({ length: perRound }, (_, i) => ownerName(`n${i}.shop.test`));
    const results = { ours: [] as number[], bare: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      say(`questions to a name server, round ${round + 1} of ${rounds}`);
      results.bare.push(await perCpuSecond(perRound, () => askBare(knot, names)));
      results.ours.push(await perCpuSecond(perRound, () => askOurs(knot, names)));
    }
    const [ours, bare] = [median(results.ours), median(results.bare)];
    return [{
      what: `questions of the verifier's DNS client per second and core (${rounds} rounds of ${perRound}, in turn)`, ours: `${ours.toFixed(0)}/CPU s`, yardstick: `${bare.toFixed(0)}/CPU s, bare dgram loop`,
      ratio: (ours / bare).toFixed(2), goal: '≥ 3,000/s and core',
    }];
  } finally {
    await knot.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function askOurs(knot: RunningKnot, names: readonly OwnerName[]): Promise<void> {
  const { signal } = new AbortController();
  await atMost(inFlight, names, async (name) => {
    await exchange({ ip: knot.address, port: knot.port }, { ownerName: name, type: 'CNAME' }, { signal });
  });
}

async function askBare(knot: RunningKnot, names: readonly OwnerName[]): Promise<void> {
  const socket = createSocket('udp4');
  const waiting = new Map<number, () => void>();
  socket.on('message', (answer) => waiting.get(decodeMessage(answer).id)?.());
  socket.connect(knot.port, knot.address);
  await once(socket, 'connect');
  await atMost(inFlight, names.map((name, i) => ({ name, id: i % 0x10000 })), async ({ name, id }) => {
    const message = encodeQuery({ ownerName: name, type: 'CNAME' }, { id, udpPayloadSize: 1232 });
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => socket.send(message), 500);
      waiting.set(id, () => {
        clearTimeout(timer);
        waiting.delete(id);
        resolve();
      });
      socket.send(message);
    });
  });
  socket.close();
}

async function perCpuSecond(count: number, work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return count / ((user + system) / 1_000_000);
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
