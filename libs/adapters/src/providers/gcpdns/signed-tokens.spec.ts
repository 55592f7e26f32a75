import { afterEach, describe, expect, it } from '@jest/globals';
import { movableClock, ownerName } from '@connect/domain';
import { Stage, answering, type FakeRequest } from '../../conformance/index.js';
import { keyFile, gcpdnsWorld, type GcpdnsWorld } from './gcpdns-world.fake.js';
import { failed, type GcpdnsFakeOptions } from './gcpdns.fake.js';

const apex = ownerName('example.com.');
const zone = { id: 'example-com', apex };
const signal = new AbortController().signal;
let world: GcpdnsWorld;

afterEach(() => world.stop());

/** Our clock and Google's, each of which can be moved. */
async function open(options: Partial<GcpdnsFakeOptions> & { token?: string; aheadMs?: number } = {}): Promise<{ clock: ReturnType<typeof movableClock>; read(): Promise<unknown>; asked(): FakeRequest[] }> {
  const clock = movableClock('2026-11-25T12:00:00Z');
  const { aheadMs = 0, ...more } = options;
  world = await gcpdnsWorld({ zones: [{ name: 'example-com', dnsName: apex }], now: () => new Date(clock.now().getTime() + aheadMs), ...more });
  const adapter = new Stage(world).open({ ports: (ports) => ({ ...ports, clock }) });
  return { clock, read: () => adapter.getRecordSets(zone, [apex], signal), asked: () => world.fake.requests.filter(({ path }) => path.endsWith('token')) };
}

function claimsOf({ body }: FakeRequest): { iss: string; scope: string; aud: string; iat: number; exp: number } {
  return JSON.parse(Buffer.from(new URLSearchParams(body).get('assertion')!.split('.')[1]!, 'base64url').toString('utf8')) as ReturnType<typeof claimsOf>;
}

describe('the assertion', () => {
  it('says who asks, for what and whom, begins a little earlier and holds an hour at most', async () => {
    const { read, asked } = await open();

    await read();

    const claims = claimsOf(asked()[0]!);
    const now = Date.parse('2026-11-25T12:00:00Z') / 1_000;
    expect(claims).toMatchObject({ iss: 'dns@connect-test-123456.iam.gserviceaccount.com', scope: 'https://www.googleapis.com/auth/ndev.clouddns.readwrite', aud: 'https://oauth2.googleapis.com/token', iat: now - 30 });
    expect(claims.exp - claims.iat).toBe(3_600);
    expect(asked()[0]!.headers['content-type']).toBe('application/x-www-form-urlencoded');
  });

  it('goes to the address of an older key file, for the same audience', async () => {
    const { read, asked } = await open({ token: keyFile({ token_uri: 'https://accounts.google.com/o/oauth2/token' }) });

    await read();

    expect([asked()[0]!.path, claimsOf(asked()[0]!).aud]).toEqual(['/o/oauth2/token', 'https://oauth2.googleapis.com/token']);
  });

  it.each([['behind', 2 * 3_600_000], ['ahead', -2 * 3_600_000], ['a little ahead', -50_000]])('is signed once more for their clock when ours is %s', async (_, aheadMs) => {
    const { read, asked } = await open({ aheadMs });

    await read();

    expect(asked()).toHaveLength(2);
  });

  it.each([['a deleted account', { account: 'deleted' }], ['a disabled account', { account: 'disabled' }]] as const)('of %s is refused for good, after one call', async (_, options) => {
    const { read, asked } = await open(options);

    await expect(read()).rejects.toMatchObject({ code: 'rejected_credential' });
    expect(asked()).toHaveLength(1);
  });

  it('that brings no access token but an id_token is not what was asked for', async () => {
    await open();
    const adapter = new Stage(world).open({ ports: answering({ status: 200, text: '{"id_token":"an-id-token"}' }) });

    await expect(adapter.getRecordSets(zone, [apex], signal)).rejects.toMatchObject({ code: 'provider_protocol' });
  });
});

describe('an access token', () => {
  it('is asked for once, however many calls begin at the same time', async () => {
    const { read, asked } = await open();

    await Promise.all([read(), read(), read()]);
    await read();

    expect(asked()).toHaveLength(1);
  });

  it('is renewed some minutes before it ends, also where its life comes as a text', async () => {
    const { clock, read, asked } = await open({ expiresAsText: true });

    await read();
    clock.advance(54 * 60_000);
    await read();
    expect(asked()).toHaveLength(1);
    clock.advance(60_000);
    await read();
    expect(asked()).toHaveLength(2);
  });

  it('is not taken for a young one after our clock was set back', async () => {
    const { clock, read, asked } = await open();

    await read();
    clock.advance(-600_000);
    await read();

    expect(asked()).toHaveLength(2);
  });

  it('that was taken back is replaced once, and the call goes on', async () => {
    const { read, asked } = await open();

    await read();
    world.fake.tokens.revokeAll();
    await read();

    expect(asked()).toHaveLength(2);
  });

  it('that is refused time and again ends as a rejected credential', async () => {
    const { read, asked } = await open();
    world.fake.fail({ fault: failed({ status: 401, reason: 'authError', message: 'Invalid Credentials' }), only: ({ path }) => path.endsWith('/rrsets'), times: 9 });

    await expect(read()).rejects.toMatchObject({ code: 'rejected_credential' });
    expect(asked()).toHaveLength(2);
  });

  it('does not outlive the adapter', async () => {
    const { read, asked } = await open();

    await read();
    await new Stage(world).open({ ports: (ports) => ({ ...ports, clock: { now: () => new Date('2026-11-25T12:00:00Z') } }) }).getRecordSets(zone, [apex], signal);

    expect(asked()).toHaveLength(2);
  });

  it('is asked for by a call that waited for another one, which was given up', async () => {
    await open();
    const controller = new AbortController();
    const adapter = new Stage(world).open({ ports: (ports) => ({ ...ports, clock: { now: () => new Date('2026-11-25T12:00:00Z') } }) });

    const givenUp = adapter.getRecordSets(zone, [apex], controller.signal);
    const other = adapter.getRecordSets(zone, [apex], signal);
    controller.abort();

    await expect(givenUp).rejects.toMatchObject({ code: 'provider_unavailable' });
    expect(await other).toMatchObject({ names: [apex] });
  });
});

describe('a sovereign cloud', () => {
  const token = keyFile({ universe_domain: 's3nsapis.fr', project_id: 's3ns:connect-test' });

  it('takes the signed JWT itself, for its own host, and no token endpoint is called', async () => {
    const { read, asked } = await open({ token, credential: token, apiHost: 'dns.s3nsapis.fr' });

    await read();

    expect(asked()).toHaveLength(0);
    expect(world.fake.requests.map(({ path }) => path)).toEqual(['/dns/v1/projects/s3ns%3Aconnect-test/managedZones/example-com/rrsets']);
  });

  it('is signed for once more when our clock is wrong', async () => {
    const { read } = await open({ token, credential: token, apiHost: 'dns.s3nsapis.fr', aheadMs: 2 * 3_600_000 });

    await read();

    expect(world.fake.requests).toHaveLength(2);
  });
});
