import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import { leaseCredential } from '@connect/contracts';
import { secret, systemClock } from '@connect/domain';
import { startNats } from '@connect/local-parts';
import { connectBus, Requests } from '@connect/messaging';
import { leaseBox } from '@connect/sealing';
import type { BenchWorld } from './bench-world.js';
import { newCustomer } from './connect-all.js';
import type { Row } from './figures.js';
import { meanOf, rateOf, startYardstick, type Rate } from './rates.js';

const rounds = 3;

/** Leases of one credential, each opened by its worker, beside a bare answer with one INSERT into the same Postgres, in turn; per CPU second of the process that answers. */
export async function vaultLeases(world: BenchWorld, perRound: number, say: (text: string) => void): Promise<Row[]> {
  const vault = world.product.services.find(({ service }) => service === 'credential-vault')!;
  const { application_id, credential_id } = await newCustomer(world, world.powerdns.apiUrl);
  const terms = { tenant_id: world.tenantId, application_id, credential_id, provider: 'powerdns', purpose: 'find_zone', zone: null, fence: null, connections: ['con_bench'] } as const;
  // A bus of its own: the product's knows no user for it.
  const bareBus = await startNats({ dir: join(process.cwd(), '.data', 'bench', 'bare-nats') });
  const [bus, bareClient] = [await connectBus(secret(world.product.natsUrlOf('dns-worker')), 'dns-worker'), await connect({ servers: bareBus.url })];
  const bare = await startYardstick('bare-responder.mjs', bareBus.url, world.product.adminDatabaseUrl);
  try {
    const requests = new Requests(bus);
    // As a worker does it: a key pair for each lease.
    const lend = async (): Promise<void> => {
      const box = await leaseBox(systemClock);
      const { lease } = await requests.ask(leaseCredential, { ...terms, connections: [...terms.connections], worker_jwk: box.publicJwk });
      await box.open(lease, terms);
    };
    const results = { ours: [] as Rate[], bare: [] as Rate[] };
    for (let round = 0; round < rounds; round++) {
      say(`vault leases, round ${round + 1} of ${rounds}`);
      results.bare.push(await rateOf(bare.pid, perRound, async () => void (await bareClient.request(bare.at, JSON.stringify({ credential: credential_id })))));
      results.ours.push(await rateOf(vault.pid, perRound, lend));
    }
    const [ours, yardstick] = [meanOf(results.ours), meanOf(results.bare)];
    return [{
      what: `vault leases per second and core (${rounds} rounds of ${perRound}, in turn)`, ours: `${ours.perCpuSecond.toFixed(0)}/CPU s (${ours.perSecond.toFixed(0)}/s with everything on this machine)`,
      yardstick: `${yardstick.perCpuSecond.toFixed(0)}/CPU s (${yardstick.perSecond.toFixed(0)}/s), bare request-reply + one INSERT`, ratio: (ours.perCpuSecond / yardstick.perCpuSecond).toFixed(2), goal: '≥ 1/3',
    }];
  } finally {
    bare.child.kill();
    await Promise.all([bus.close(), bareClient.close()]);
    await bareBus.stop();
  }
}
