import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { secret, type Secret } from '@connect/domain';

/** A value that must not be seen. */
export function secretSetting(): z.ZodType<Secret<string>, string> {
  return z.string().transform((value) => secret(value));
}

/** A whole number, given in digits. */
export function numberSetting(range: { min: number; max: number }): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^\d{1,15}$/, 'has to be a whole number')
    .transform(Number)
    .refine((value) => value >= range.min && value <= range.max, `has to be between ${range.min} and ${range.max}`);
}

/** `true` or `false`. */
export function flagSetting(): z.ZodType<boolean, string> {
  return z.enum(['true', 'false']).transform((value) => value === 'true');
}

/** Ranges, `10.0.0.0/8,fd00::/8`; a single address counts as a range of one. */
export function cidrList(): z.ZodType<string[], string> {
  return list().refine((ranges) => ranges.every(isRange), 'has to be a list of ranges such as 10.0.0.0/8,fd00::/8');
}

/** Addresses, `192.0.2.1,2001:db8::1`. */
export function addressList(): z.ZodType<string[], string> {
  return list().refine((addresses) => addresses.every((address) => isIP(address) !== 0), 'has to be a list of addresses such as 192.0.2.1,2001:db8::1');
}

/** Addresses with or without a port, `192.0.2.1,192.0.2.1:5353,[2001:db8::1]:5353`. */
export function addressPortList(defaultPort: number): z.ZodType<{ address: string; port: number }[], string> {
  return list().transform((texts, context) => {
    const parsed = texts.map((text) => addressPort(text, defaultPort));
    if (parsed.includes(null)) context.addIssue('has to be a list of addresses such as 192.0.2.1:5353,[2001:db8::1]:53');
    return parsed.filter((each) => each !== null);
  });
}

/** Ports by address, `127.0.0.2=5401,127.0.0.3=5402`. */
export function addressPortMap(): z.ZodType<Record<string, number>, string> {
  return list().transform((texts, context) => {
    const pairs = texts.map((text) => /^(.+)=(\d{1,5})$/.exec(text)).map((found) => [found?.[1] ?? '', Number(found?.[2] ?? 0)] as const);
    if (pairs.some(([address, port]) => isIP(address) === 0 || !isPort(port))) context.addIssue('has to be a list such as 127.0.0.2=5401,127.0.0.3=5402');
    return Object.fromEntries(pairs);
  });
}

/** Origins by origin, as JSON: `{"https://api.provider.example":"http://127.0.0.1:4312"}`. */
export function originMap(): z.ZodType<Record<string, string>, string> {
  return z.string().transform((text, context) => {
    const pairs = entriesOf(text);
    if (pairs === null || pairs.some((pair) => !pair.every(isOrigin))) context.addIssue('has to be JSON such as {"https://api.provider.example":"http://127.0.0.1:4312"}');
    return Object.fromEntries(pairs ?? []);
  });
}

function list(): z.ZodType<string[], string> {
  return z.string().transform((text) => text.split(',').map((each) => each.trim()).filter((each) => each !== ''));
}

function isRange(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > (family === 4 ? 32 : 128)) return false;
  new BlockList().addSubnet(address, Number(prefix), family === 4 ? 'ipv4' : 'ipv6');
  return true;
}

function addressPort(text: string, defaultPort: number): { address: string; port: number } | null {
  if (isIP(text) !== 0) return { address: text, port: defaultPort };
  const found = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)):(\d{1,5})$/.exec(text);
  const address = found?.[1] ?? found?.[2] ?? '';
  const port = Number(found?.[3]);
  return isIP(address) !== 0 && isPort(port) ? { address, port } : null;
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65536;
}

function entriesOf(text: string): [string, string][] | null {
  try {
    const parsed = z.record(z.string(), z.string()).safeParse(JSON.parse(text));
    return parsed.success ? Object.entries(parsed.data) : null;
  } catch {
    return null; // not JSON, which the caller says
  }
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:/.test(text) && new URL(text).origin === text.toLowerCase();
}
