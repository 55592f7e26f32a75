import { z } from 'zod';
import { providerCatalogue } from '@connect/adapters/catalogue';
import type { FakeServer, FakeWorld } from '@connect/adapters/conformance';
import { credentialJson, type azurednsWorld } from '../../libs/adapters/src/providers/azuredns/azuredns-world.fake.js';
import { keyFile, type gcpdnsWorld } from '../../libs/adapters/src/providers/gcpdns/gcpdns-world.fake.js';
import { oneTeam } from '../../libs/adapters/src/providers/vercel/vercel-world.fake.js';
import type { CloudflareFakeOptions } from '../../libs/adapters/src/providers/cloudflare/cloudflare.fake.js';
import type { DesecFakeOptions } from '../../libs/adapters/src/providers/desec/desec.fake.js';
import type { DigitaloceanFakeOptions } from '../../libs/adapters/src/providers/digitalocean/digitalocean.fake.js';
import type { DnsimpleFakeOptions } from '../../libs/adapters/src/providers/dnsimple/dnsimple.fake.js';
import type { GandiFakeOptions } from '../../libs/adapters/src/providers/gandi/gandi.fake.js';
import type { GodaddyFakeOptions } from '../../libs/adapters/src/providers/godaddy/godaddy.fake.js';
import type { LinodeFakeOptions } from '../../libs/adapters/src/providers/linode/linode.fake.js';
import type { NetlifyFakeOptions } from '../../libs/adapters/src/providers/netlify/netlify.fake.js';
import type { PorkbunFakeOptions } from '../../libs/adapters/src/providers/porkbun/porkbun.fake.js';
import type { Route53World } from '../../libs/adapters/src/providers/route53/route53-world.fake.js';
import type { VercelFakeOptions } from '../../libs/adapters/src/providers/vercel/vercel.fake.js';
import type { VultrFakeOptions } from '../../libs/adapters/src/providers/vultr/vultr.fake.js';

/** The narrowest credential that a customer gets who follows the minimal policy of the catalogue; `options` are those of the fake that honours it. */
export type Rights = { token: string; options?: object; /** Once the fake runs. */ grant?(world: FakeWorld<FakeServer>): void; /** What the connection has to name as its zone. */ zone?: string };

/** `zone`: the one zone that the credential is for, without a final dot. Providers that are missing here know one kind of credential: that of their world. */
export const leastRights: Readonly<Record<string, (zone: string) => Rights>> = {
  azuredns(zone) {
    // The actions as a customer copies them.
    const actions = z.array(z.string()).parse(JSON.parse(/"Actions":(\[[^\]]*\])/.exec(minimalPolicyOf('azuredns'))?.[1] ?? 'null'));
    return { token: credentialJson(), options: { assignments: [{ zone, actions }] } satisfies Parameters<typeof azurednsWorld>[0] };
  },
  cloudflare(zone) {
    const value = 'cfut_narrowABCDEFGHIJ0123456789abcdefghijABCDEF';
    return { token: value, options: { credential: [{ value, zones: [zone], permissions: ['#dns_records:edit', '#dns_records:read', '#zone:read'] }] } satisfies Partial<CloudflareFakeOptions> };
  },
  desec(zone) {
    const value = 'narrow-NHvrEkFzrhFDRTjGFyX_S';
    return { token: value, options: { credential: [{ value, writes: [zone] }] } satisfies Partial<DesecFakeOptions> };
  },
  digitalocean() {
    const value = `dop_v1_${'a1b2c3d4e5f60718'.repeat(4)}`;
    return { token: value, options: { credential: [{ value, scopes: ['domain:read', 'domain:create', 'domain:update', 'domain:delete'] }] } satisfies Partial<DigitaloceanFakeOptions> };
  },
  dnsimple(zone) {
    const value = 'dnsimple_a_narrow0123456789ABCDEFGHIJKLMNO';
    return { token: value, options: { credential: [{ value, account: 1_010, zones: [zone], level: 'full' }] } satisfies Partial<DnsimpleFakeOptions> };
  },
  gandi(zone) {
    const value = 'a1b2c3d4e5'.repeat(4);
    return { token: value, options: { credential: [{ value, domains: [zone], mayWrite: true }] } satisfies Partial<GandiFakeOptions> };
  },
  gcpdns() {
    // The fake's own name for its first zone; the permissions as a customer copies them.
    const zone = 'zone-1';
    const permissions = /--permissions=(\S+)/.exec(minimalPolicyOf('gcpdns'))?.[1]?.split(',') ?? [];
    const token = keyFile({ managed_zone: zone });
    return { token, options: { token, grants: { project: [], zones: { [zone]: permissions } } } satisfies Parameters<typeof gcpdnsWorld>[0] };
  },
  godaddy() {
    const value = 'gd_pat_narrow0123456789abcdef';
    return { token: value, options: { credential: [{ value, scopes: ['domains.domain:read', 'domains.dns:update'] }] } satisfies Partial<GodaddyFakeOptions> };
  },
  linode() {
    const value = 'a1b2c3d4e5f60718'.repeat(4);
    return { token: value, options: { credential: [{ value, scopes: ['domains:read_write'] }] } satisfies Partial<LinodeFakeOptions> };
  },
  netlify() {
    const value = `nfp_${'narrow0123'.repeat(4)}`;
    // The first zone of the world is this team's.
    return { token: value, options: { credential: [{ value, teams: ['other-team'] }] } satisfies Partial<NetlifyFakeOptions> };
  },
  porkbun(zone) {
    const key = { apikey: `pk1_${'a1'.repeat(32)}`, secretapikey: `sk1_${'b2'.repeat(32)}` };
    return { token: `${key.apikey}:${key.secretapikey}`, options: { credential: [{ ...key, domains: [zone], addresses: ['127.0.0.1'] }] } satisfies Partial<PorkbunFakeOptions> };
  },
  route53() {
    const token = 'AKIAI44QH8DHBEXAMPLE:je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY';
    // The fake's own id for its first zone; the three actions of the provider's page.
    const zone = 'Z000000000001FAKE';
    return { token, zone, grant: (world) => (world as Route53World).fake.addKey(token, { actions: ['ChangeResourceRecordSets', 'ListResourceRecordSets', 'GetHostedZone'], zoneIds: [zone] }) };
  },
  vercel() {
    const value = `vcp_${'narrow0123'.repeat(3)}`;
    // The first zone of the world is this team's.
    return { token: value, options: { credential: [{ value, opens: { team: oneTeam } }] } satisfies Partial<VercelFakeOptions> };
  },
  vultr() {
    const value = 'ZYXWVUTSRQPONMLKJIHGFEDCBA9876543210';
    return { token: value, options: { credential: [{ value, acls: ['dns'] }] } satisfies Partial<VultrFakeOptions> };
  },
};

function minimalPolicyOf(provider: string): string {
  return providerCatalogue.descriptors().find(({ id }) => id === provider)?.credential.minimalPolicy ?? '';
}
