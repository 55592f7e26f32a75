import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { ProviderError, errorCatalogue, isConnectError, type ErrorCode } from '@connect/domain';
import type { ProviderPorts } from '../../spi/index.js';
import { overHttp, type ConformanceCase } from '../conformance-case.js';
import { answering, beforeEachRead, beforeEachWrite, losingAnswers, losingRequests, recording, unreachable, type Sent } from '../port-faults.js';
import { changeTo, differences, find, setOf, type OpenOptions, type Stage } from '../stage.js';
import { mixedSeed } from './read-cases.js';

async function failure(work: () => Promise<unknown>): Promise<ProviderError> {
  try {
    await work();
  } catch (error) {
    assert.ok(error instanceof ProviderError, `not a ProviderError: ${inspect(error)}`);
    return error;
  }
  return assert.fail('nothing was thrown');
}

/** A write through ports that fail; what the adapter says of it, and whether it happened. */
async function writeThrough(stage: Stage, ports: OpenOptions['ports']): Promise<{ status: string; code: ErrorCode | null; happened: boolean }> {
  const { held, zone, name } = await stage.zone(mixedSeed);
  const adapter = stage.open({ ports });
  const reading = await stage.read(adapter, zone);
  const [outcome] = await stage.apply(adapter, zone, [changeTo(reading, setOf(held.apex, 'new', 'A', ['192.0.2.50']))], reading);
  return { status: outcome!.status, code: outcome!.code, happened: find(await held.readBack(), name('new'), 'A') !== null };
}

async function readFailure(stage: Stage, ports: OpenOptions['ports']): Promise<ProviderError> {
  const { zone } = await stage.zone(mixedSeed);
  return failure(() => stage.read(stage.open({ ports }), zone));
}

const html = '<html><body><h1>Sign in</h1></body></html>';

export const errorCases: readonly ConformanceCase[] = [
  {
    name: 'a rejected credential is final',
    area: 'error',
    async run(stage) {
      const { zone } = await stage.zone();
      const error = await failure(() => stage.read(stage.open({ token: stage.world.wrongToken }), zone));
      assert.equal(errorCatalogue[error.code].retry, 'never', error.code);
    },
  },
  {
    name: 'the check of a good credential says so and names the zone',
    area: 'error',
    async run(stage) {
      const { held, adapter } = await stage.zone();
      const finding = await adapter.checkCredential(held.apex, stage.signal);
      assert.equal(finding.valid, true);
      assert.deepEqual(finding.zones.map(({ apex }) => apex), [held.apex]);
      assert.ok(finding.may.includes('read_records') && finding.may.includes('write_records'));
    },
  },
  {
    name: 'the check of a good credential needs no zone',
    area: 'error',
    async run(stage) {
      const { held, adapter } = await stage.zone();
      const finding = await adapter.checkCredential(null, stage.signal);
      assert.equal(finding.valid, true);
      if (stage.descriptor.capabilities.listsZones) assert.ok(finding.zones.some(({ apex }) => apex === held.apex));
    },
  },
  {
    name: 'the check changes nothing',
    area: 'safety',
    async run(stage) {
      const { held, adapter } = await stage.zone(mixedSeed);
      const before = await held.readBack();
      await adapter.checkCredential(held.apex, stage.signal);
      assert.deepEqual(differences(before, await held.readBack()), []);
    },
  },
  {
    name: 'the check of a wrong credential answers, and does not throw',
    area: 'error',
    async run(stage) {
      const { held } = await stage.zone();
      const finding = await stage.open({ token: stage.world.wrongToken }).checkCredential(held.apex, stage.signal);
      assert.equal(finding.valid, false);
      assert.notEqual(finding.code, null);
    },
  },
  {
    name: 'a token of another form is refused, names the right form and does not repeat the value',
    area: 'secrecy',
    run(stage) {
      const odd = 'c4nary-7d1e99b0-in-the-token ';
      for (const token of [odd, `{"token":"${odd}"}`, '', '{}', '[]']) {
        assert.throws(() => stage.world.provider.checkForm(token), (error) => isConnectError(error) && error.code === 'credential_format' && error.detail !== undefined && !inspect(error).includes('c4nary'));
      }
      return Promise.resolve();
    },
  },
  {
    name: 'a lost answer is unknown, and a look shows that it was written',
    area: 'safety',
    async run(stage) {
      assert.deepEqual(await writeThrough(stage, losingAnswers), { status: 'unknown', code: 'outcome_unknown', happened: true });
    },
  },
  {
    name: 'a lost request is unknown, too, and a look shows that it was not written',
    area: 'safety',
    async run(stage) {
      assert.deepEqual(await writeThrough(stage, losingRequests), { status: 'unknown', code: 'outcome_unknown', happened: false });
    },
  },
  {
    name: 'a provider that nobody reaches is unavailable, to be tried later',
    area: 'error',
    async run(stage) {
      assert.equal((await readFailure(stage, unreachable)).code, 'provider_unavailable');
    },
  },
  {
    name: 'a rate limit says when to come again',
    area: 'error',
    leftOut: overHttp,
    async run(stage) {
      const error = await readFailure(stage, answering({ status: 429, headers: { 'retry-after': '7' }, text: '{}' }));
      assert.deepEqual([error.code, error.retryAfterMs], ['rate_limited', 7_000]);
    },
  },
  ...[500, 502, 503, 504].map((status): ConformanceCase => ({
    name: `a read answered with ${status} is tried later`,
    area: 'error',
    leftOut: overHttp,
    async run(stage) {
      assert.equal((await readFailure(stage, answering({ status, text: 'Internal Server Error' }))).code, 'provider_unavailable');
    },
  })),
  {
    name: 'a write answered with 502 is unknown',
    area: 'safety',
    leftOut: overHttp,
    async run(stage) {
      assert.deepEqual(await writeThrough(stage, answering({ status: 502, text: html }, 'writes')), { status: 'unknown', code: 'outcome_unknown', happened: false });
    },
  },
  {
    name: 'an HTML page in place of an answer is provider_protocol',
    area: 'error',
    leftOut: overHttp,
    async run(stage) {
      assert.equal((await readFailure(stage, answering({ status: 200, text: html }))).code, 'provider_protocol');
    },
  },
  {
    name: 'an answer that is cut off is provider_protocol',
    area: 'error',
    leftOut: overHttp,
    async run(stage) {
      assert.equal((await readFailure(stage, answering({ status: 200, text: '{"records":[{"name":' }))).code, 'provider_protocol');
    },
  },
  {
    name: 'an answer of another shape is provider_protocol',
    area: 'error',
    leftOut: overHttp,
    async run(stage) {
      assert.equal((await readFailure(stage, answering({ status: 200, text: '{"unexpected":true}' }))).code, 'provider_protocol');
    },
  },
  {
    name: 'a redirect is not followed',
    area: 'secrecy',
    leftOut: overHttp,
    async run(stage) {
      const sent: Sent[] = [];
      const redirect = answering({ status: 302, headers: { location: 'https://elsewhere.example/' }, text: '' });
      await readFailure(stage, (ports) => recording(sent)(redirect(ports)));
      assert.ok(sent.every(({ url }) => url === null || !url.includes('elsewhere.example')));
    },
  },
  {
    name: 'an abort before a call sends nothing',
    area: 'abort',
    async run(stage) {
      const sent: Sent[] = [];
      const { zone, held } = await stage.zone(mixedSeed);
      const adapter = stage.open({ ports: recording(sent) });
      const reading = await stage.read(adapter, zone);
      const calls = sent.length;
      const aborted = AbortSignal.abort();
      await failure(() => adapter.getRecordSets(zone, 'all', aborted));
      await failure(() => adapter.applyChanges(zone, [changeTo(reading, setOf(held.apex, 'new', 'A', ['192.0.2.50']))], reading, aborted));
      await failure(() => adapter.findZone({ hostname: held.apex, apex: held.apex, zone: null }, aborted));
      assert.equal(sent.length, calls);
    },
  },
  {
    name: 'an abort during a read ends it as unavailable',
    area: 'abort',
    async run(stage) {
      const { zone } = await stage.zone(mixedSeed);
      const controller = new AbortController();
      const adapter = stage.open({ ports: beforeEachRead(() => controller.abort()) });
      assert.equal((await failure(() => adapter.getRecordSets(zone, 'all', controller.signal))).code, 'provider_unavailable');
    },
  },
  {
    name: 'an abort during a write never claims more than is so',
    area: 'abort',
    async run(stage) {
      const { zone, held, name } = await stage.zone(mixedSeed);
      const controller = new AbortController();
      const adapter = stage.open({ ports: beforeEachWrite(() => controller.abort()) });
      const reading = await stage.read(adapter, zone);
      const outcome = await adapter.applyChanges(zone, [changeTo(reading, setOf(held.apex, 'new', 'A', ['192.0.2.50']))], reading, controller.signal).then(
        ([first]) => first!.status,
        (error: unknown) => (error instanceof ProviderError && error.code === 'provider_unavailable' ? 'not sent' : assert.fail(inspect(error))),
      );
      const happened = find(await held.readBack(), name('new'), 'A') !== null;
      assert.ok(outcome === 'unknown' || (outcome === 'applied') === happened, `${outcome}, and it ${happened ? 'was' : 'was not'} written`);
    },
  },
  {
    name: 'no secret is in an error, an outcome or a URL',
    area: 'secrecy',
    async run(stage) {
      const sent: Sent[] = [];
      const seen: unknown[] = [];
      const { zone, held } = await stage.zone(mixedSeed);
      const echo = stage.world.secrets.join(' ');
      const troubles: OpenOptions[] = [
        { token: stage.world.wrongToken },
        { ports: unreachable },
        { ports: losingAnswers },
        ...(stage.world.protocol === 'http' ? [400, 401, 403, 404, 422, 500].map((status) => ({ ports: answering({ status, text: JSON.stringify({ error: echo, message: echo }) }) })) : []),
        ...(stage.world.protocol === 'http' ? [{ ports: answering({ status: 200, text: echo }) }] : []),
      ];
      for (const { token, ports = (same: ProviderPorts) => same } of troubles) {
        const adapter = stage.open({ token, ports: (inner) => recording(sent)(ports(inner)) });
        const good = stage.open();
        const reading = await stage.read(good, zone);
        for (const work of [
          () => stage.read(adapter, zone),
          () => adapter.checkCredential(held.apex, stage.signal),
          () => stage.apply(adapter, zone, [changeTo(reading, setOf(held.apex, 'secrecy', 'A', ['192.0.2.50']))], reading),
        ]) {
          seen.push(await work().catch((error: unknown) => error));
        }
      }
      const text = seen.map((each) => `${inspect(each, { depth: 8, showHidden: true })} ${JSON.stringify(each)} ${each instanceof Error ? `${each.stack} ${each.message}` : ''}`).join('\n') + sent.map(({ url }) => url).join('\n');
      for (const secret of stage.world.secrets) assert.ok(!text.includes(secret) && !text.includes(encodeURIComponent(secret)), 'a secret was seen');
    },
  },
  {
    name: 'only declared hosts are called',
    area: 'secrecy',
    leftOut: overHttp,
    async run(stage) {
      const sent: Sent[] = [];
      const { zone, held } = await stage.zone(mixedSeed);
      const adapter = stage.open({ ports: recording(sent) });
      const reading = await stage.read(adapter, zone);
      await stage.apply(adapter, zone, [changeTo(reading, setOf(held.apex, 'new', 'A', ['192.0.2.50']))], reading);
      await adapter.checkCredential(held.apex, stage.signal);
      const { hosts } = stage.descriptor;
      const declared = hosts === 'from_credential' ? stage.world.provider.serversOf(stage.token()).map(({ host }) => host) : hosts;
      assert.ok(sent.length > 0);
      for (const { url } of sent) assert.ok(declared.includes(new URL(url!).hostname), 'another host was called');
    },
  },
];
