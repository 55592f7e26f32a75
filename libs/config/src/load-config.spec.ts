import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { addressPortList, addressPortMap, cidrList, commonConfig, flagSetting, loadConfig, numberSetting, refusesInProduction, secretSetting } from './index.js';

const valid = { DATABASE_URL: 'postgres://role:hidden-1@127.0.0.1/db', NATS_URL: 'nats://user:hidden-2@127.0.0.1:4222' };

function failureOf(work: () => unknown): { code?: string; errors?: { path: string; message: string }[]; message?: string } {
  try {
    work();
    return {};
  } catch (error) {
    return error as { code?: string };
  }
}

describe('settings', () => {
  it('are read with their defaults, and secrets stay closed', () => {
    const config = loadConfig(z.object(commonConfig), { ...valid, OTHER: 'ignored' });

    expect(config).toMatchObject({ NODE_ENV: 'production', LOG_LEVEL: 'info', INNER_PORT: 0, INNER_ADDRESS: '127.0.0.1', SHUTDOWN_MS: 10_000 });
    expect(JSON.stringify(config)).not.toContain('hidden');
    expect(config.NATS_URL.open((url) => url)).toBe(valid.NATS_URL);
  });

  it('name all findings at once and no value', () => {
    const failure = failureOf(() => loadConfig(z.object({ ...commonConfig, KEY: secretSetting() }), { DATABASE_URL: 'mysql://hidden-3', INNER_PORT: '99999', LOG_LEVEL: 'loud-hidden-4' }));

    expect(failure.code).toBe('configuration');
    expect(failure.errors?.map(({ path }) => path).sort()).toEqual(['DATABASE_URL', 'INNER_PORT', 'KEY', 'LOG_LEVEL', 'NATS_URL']);
    expect(JSON.stringify([failure, failure.message])).not.toContain('hidden');
  });

  it('tell a setting that is empty from one that is not set', () => {
    const { errors } = failureOf(() => loadConfig(z.object(commonConfig), { NATS_URL: '', DATABASE_POOL: ' ' }));

    expect(Object.fromEntries((errors ?? []).map(({ path, message }) => [path, message]))).toEqual({
      NATS_URL: 'is set but empty; give a value or unset it', DATABASE_POOL: 'is set but empty; give a value or unset it', DATABASE_URL: 'is not set',
    });
  });

  it('that are unsafe are refused in production only', () => {
    const schema = z.object({ ...commonConfig, DNS_PORT_MAP: addressPortMap().default({}) }).superRefine(refusesInProduction([{ setting: 'DNS_PORT_MAP', when: (config) => Object.keys(config.DNS_PORT_MAP).length > 0, why: 'it is for test worlds' }]));
    const unsafe = { ...valid, DNS_PORT_MAP: '127.0.0.2=5401' };

    expect(failureOf(() => loadConfig(schema, unsafe)).errors).toEqual([{ path: 'DNS_PORT_MAP', message: 'is refused in production: it is for test worlds' }]);
    expect(loadConfig(schema, { ...unsafe, NODE_ENV: 'test' }).DNS_PORT_MAP).toEqual({ '127.0.0.2': 5401 });
  });

  it.each([
    ['ranges', cidrList(), '10.0.0.0/8, fd00::/8,192.0.2.1', ['10.0.0.0/8', 'fd00::/8', '192.0.2.1']],
    ['addresses', addressPortList(53), '192.0.2.1,192.0.2.1:5353,[2001:db8::1]:54,2001:db8::2', [{ address: '192.0.2.1', port: 53 }, { address: '192.0.2.1', port: 5353 }, { address: '2001:db8::1', port: 54 }, { address: '2001:db8::2', port: 53 }]],
    ['a flag', flagSetting(), 'true', true],
    ['a number', numberSetting({ min: 0, max: 9 }), '7', 7],
  ])('read %s', (_, setting, text, value) => {
    expect(loadConfig(z.object({ X: setting }), { X: text }).X).toEqual(value);
  });

  it.each([
    [cidrList(), '10.0.0.0/33'], [cidrList(), 'example.com'], [cidrList(), '::/129'], [addressPortList(53), '192.0.2.1:0'], [addressPortList(53), '192.0.2.1:70000'], [addressPortList(53), 'ns.example.com:53'],
    [addressPortMap(), '127.0.0.1'], [flagSetting(), 'yes'], [numberSetting({ min: 1, max: 9 }), '1e1'], [numberSetting({ min: 1, max: 9 }), '0'],
  ])('refuse what is not in form (%#)', (setting, text) => {
    expect(failureOf(() => loadConfig(z.object({ X: setting }), { X: text })).errors).toHaveLength(1);
  });
});
