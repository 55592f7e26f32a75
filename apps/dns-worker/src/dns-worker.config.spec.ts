import { describe, expect, it } from '@jest/globals';
import { dnsWorker } from './dns-worker.module.js';

const settings = { NODE_ENV: 'test', DATABASE_URL: 'postgres://role:password@127.0.0.1/database', NATS_URL: 'nats://127.0.0.1', BUDGET_SECRET: 'any text' };
const reroute = { 'https://api.provider.example': 'http://127.0.0.1:4312' };

describe('settings for tests', () => {
  it('lead the calls to a provider elsewhere', () => {
    expect(dnsWorker.config({ ...settings, PROVIDER_REROUTE: JSON.stringify(reroute) }).PROVIDER_REROUTE).toEqual(reroute);
  });

  it.each([['CRASH_POINT', 'after-intent'], ['PAUSE_POINT', 'after-intent'], ['PROVIDER_REROUTE', JSON.stringify(reroute)]])('%s is refused outside them', (setting, value) => {
    for (const NODE_ENV of ['development', 'production']) {
      expect(() => dnsWorker.config({ ...settings, NODE_ENV, [setting]: value })).toThrow(expect.objectContaining({ errors: [{ path: setting, message: 'is for tests only' }] }));
    }
  });

  it.each(['no JSON', '[]', '{"api.provider.example":"http://127.0.0.1"}', '{"https://api.provider.example/v1":"http://127.0.0.1"}'])('say what is wrong with %s', (value) => {
    expect(() => dnsWorker.config({ ...settings, PROVIDER_REROUTE: value })).toThrow(expect.objectContaining({ errors: [{ path: 'PROVIDER_REROUTE', message: expect.stringContaining('has to be JSON') }] }));
  });
});
