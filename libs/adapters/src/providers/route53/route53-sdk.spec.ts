import { ChangeResourceRecordSetsCommand, ListHostedZonesByNameCommand, ListResourceRecordSetsCommand, Route53Client, type ChangeAction, type ListResourceRecordSetsCommandOutput, type ResourceRecordSet, type RRType } from '@aws-sdk/client-route-53';
import { displayName } from '@connect/domain';
import { describeIndependentClient, nameIn, relativeTo, type IndependentClient, type Seed } from '../../conformance/index.js';
import type { Zone } from '../../spi/index.js';
import { route53World, type Route53World } from './route53-world.fake.js';

// It would tell in the middle of the tests how long it goes on with this version of Node.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** Amazon's own client for Node: its signature, its XML. */
describeIndependentClient('the npm package @aws-sdk/client-route-53', () => route53World(), connect, { token: /request signature we calculated does not match/, conflict: /^InvalidChangeBatch: .*conflicts with other records/ });

async function connect(world: Route53World, { apex }: Zone, token: string): Promise<IndependentClient> {
  const [accessKeyId, secretAccessKey] = token.split(':') as [string, string];
  const client = new Route53Client({ region: 'us-east-1', endpoint: world.fake.origin, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 });
  const { HostedZones } = await client.send(new ListHostedZonesByNameCommand({ DNSName: displayName(apex), MaxItems: 1 }));
  const HostedZoneId = HostedZones![0]!.Id!;
  const write = async (Action: ChangeAction, { name, type, value, ttlSeconds }: Seed): Promise<void> => {
    const ResourceRecordSet: ResourceRecordSet = { Name: nameIn(apex, name), Type: type as RRType, TTL: ttlSeconds, ResourceRecords: [{ Value: value }] };
    await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes: [{ Action, ResourceRecordSet }] } }));
  };
  return {
    async list() {
      const found: Seed[] = [];
      for (let from = {}; ; ) {
        const page: ListResourceRecordSetsCommandOutput = await client.send(new ListResourceRecordSetsCommand({ HostedZoneId, MaxItems: 50, ...from }));
        for (const { Name, Type, TTL, ResourceRecords } of page.ResourceRecordSets ?? []) {
          if (Type !== 'SOA') found.push(...ResourceRecords!.map(({ Value }) => ({ name: relativeTo(apex, Name!), type: Type!, ttlSeconds: TTL!, value: Value! })));
        }
        if (page.IsTruncated !== true) return found;
        from = { StartRecordName: page.NextRecordName, StartRecordType: page.NextRecordType };
      }
    },
    create: (record) => write('CREATE', record),
    update: (record) => write('UPSERT', record),
    delete: (record) => write('DELETE', record),
  };
}
