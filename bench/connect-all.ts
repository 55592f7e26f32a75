import { setTimeout as pause } from 'node:timers/promises';
import type { BenchWorld } from './bench-world.js';
import { atMost } from './figures.js';

/** An application with its credential, as `POST /v1/connections` names them. */
export type Customer = { application_id: string; credential_id: string };

/** `apiUrl`: the provider, or what stands in front of it. */
export async function newCustomer(world: BenchWorld, apiUrl: string): Promise<Customer> {
  const application = await world.call<{ id: string }>('POST', '/v1/applications', { name: 'Bench', record_template: [{ type: 'CNAME', name: '@', value: 'edge.saas.example', ttl_seconds: 60 }] });
  const credential = await world.call<{ id: string }>('POST', `/v1/applications/${application.id}/credentials`, { provider: 'powerdns', token: { url: apiUrl, api_key: world.powerdns.apiKey, allow_http: true } });
  return { application_id: application.id, credential_id: credential.id };
}

/** Posts all, 16 at once, and waits until they are live. Returns seconds. */
export async function connectAll(world: BenchWorld, customer: Customer, hostnames: readonly string[]): Promise<number> {
  const liveBefore = await world.countLive();
  const began = performance.now();
  await atMost(16, hostnames, async (hostname) => void (await world.call('POST', '/v1/connections', { ...customer, hostname })));
  for (;;) {
    const live = (await world.countLive()) - liveBefore;
    if (live >= hostnames.length) return (performance.now() - began) / 1000;
    if (performance.now() - began > 300_000) throw new Error(`only ${live} of ${hostnames.length} connections are live after 300 s`);
    await pause(50);
  }
}
