import { describe, expect, it } from '@jest/globals';
import { openWorld, type Account, type GatewayWorld } from './gateway-world.fake.js';

let world: GatewayWorld;
let account: Account;
openWorld((opened) => ({ world, account } = opened));

describe('providers', () => {
  it('are all shown with their forms, and no secret', async () => {
    const { body } = await world.call<{ items: { key: string; setup: string }[] }>(account.key, 'GET', '/v1/providers');

    expect(body.items.map(({ key }) => key)).toEqual(expect.arrayContaining(['powerdns', 'rfc2136', 'squarespace']));
    expect((await world.call(account.key, 'GET', '/v1/providers/powerdns')).body).toMatchObject({ key: 'powerdns', credential: { json: true } });
    expect((await world.call(account.key, 'GET', '/v1/providers/nobody')).status).toBe(404);
  });

  it('tell which of them are called at the moment, and why others are not', async () => {
    const since = '2026-01-01T00:00:00.000Z';
    const circuitOf = async (key: string): Promise<unknown> => (await world.call<{ circuit: unknown }>(account.key, 'GET', `/v1/providers/${key}`)).body.circuit;
    world.neighbours.circuits = [{ provider: 'vultr', state: 'open', since, code: 'provider_unavailable', next_probe_at: since }];

    expect(await circuitOf('vultr')).toEqual({ state: 'open', since, code: 'provider_unavailable', next_probe_at: since });
    expect(await circuitOf('namecheap')).toEqual({ state: 'closed', since: null, code: null, next_probe_at: null });
    expect([await circuitOf('powerdns'), await circuitOf('squarespace')]).toEqual([null, null]);
    world.neighbours.circuits = null;
    expect(await circuitOf('vultr')).toMatchObject({ state: 'unknown', since: null });
    const { body } = await world.call<{ items: { key: string; circuit: unknown }[] }>(account.key, 'GET', '/v1/providers');
    expect(body.items.find(({ key }) => key === 'vultr')?.circuit).toMatchObject({ state: 'unknown' });
  });

  it('tell where our calls come from, by the family that the provider can allow', async () => {
    const addressesOf = async (key: string): Promise<string[]> => (await world.call<{ egress_addresses: string[] }>(account.key, 'GET', `/v1/providers/${key}`)).body.egress_addresses;

    expect([await addressesOf('vultr'), await addressesOf('namecheap')]).toEqual([['192.0.2.25', '2001:db8::25'], ['192.0.2.25']]);
  });

  it('write the minimal policy out for the very zone', async () => {
    const { body } = await world.call<{ credential: { minimal_policy: string } }>(account.key, 'GET', '/v1/providers/route53?zone=Z123EXAMPLE');
    const policy = JSON.parse(body.credential.minimal_policy) as { Statement: { Action: string | string[]; Resource: string }[] };

    expect(policy.Statement[0]).toMatchObject({ Resource: 'arn:aws:route53:::hostedzone/Z123EXAMPLE' });
    // Waiting until a change is everywhere is an action of its own.
    expect(policy.Statement[1]).toMatchObject({ Action: 'route53:GetChange' });
    expect((await world.call(account.key, 'GET', '/v1/providers/route53?zone=%22%7D')).status).toBe(400);
  });
});
