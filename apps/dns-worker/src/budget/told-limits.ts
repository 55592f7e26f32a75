/** What an answer says of one budget. `limit`: calls in a window; `resetMs`: until it is whole again. */
export type ToldLimit = { limit: number | null; windowSeconds: number | null; remaining: number; resetMs: number | null };

type Headers = Readonly<Record<string, string>>;
/** Greater numbers of seconds are an instant, not a while: 2001 as Unix time. */
const leastInstant = 1_000_000_000;

/**
 * The budgets that an answer tells of, in any of the forms that providers use: `RateLimit` and `RateLimit-Policy` as a structured list (draft-ietf-httpapi-ratelimit-headers
 * since 08), the same with `limit=` (07), `RateLimit-Limit`, `-Remaining` and `-Reset` (up to 06), and these with `X-`. Names in lower case. What cannot be read is left out.
 */
export function toldLimits(headers: Headers, now: Date): ToldLimit[] {
  const listed = headers['ratelimit'];
  if (listed !== undefined) return /(^|[\s,])limit\s*=/.test(listed) ? pairsOf(listed, now) : itemsOf(listed, headers['ratelimit-policy'] ?? '');
  return ['ratelimit', 'x-ratelimit', 'x-rate-limit'].flatMap((prefix) => told(headers[`${prefix}-limit`], headers[`${prefix}-remaining`], headers[`${prefix}-reset`], now)).slice(0, 1);
}

/** `"default";r=50;t=30`, with `"default";q=100;w=60` as its policy. */
function itemsOf(limits: string, policies: string): ToldLimit[] {
  const known = new Map(policies.split(',').map((item) => [nameOf(item), item]));
  return limits.split(',').flatMap((item): ToldLimit[] => {
    const remaining = parameterOf(item, 'r');
    if (remaining === null) return [];
    const policy = known.get(nameOf(item)) ?? '';
    const reset = parameterOf(item, 't');
    return [{ limit: parameterOf(policy, 'q'), windowSeconds: parameterOf(policy, 'w'), remaining, resetMs: reset === null ? null : reset * 1000 }];
  });
}

/** `limit=100, remaining=50, reset=5`. */
function pairsOf(text: string, now: Date): ToldLimit[] {
  const value = (name: string): string | undefined => new RegExp(`(?:^|[\\s,])${name}\\s*=\\s*(\\d+)`).exec(text)?.[1];
  return told(value('limit'), value('remaining'), value('reset'), now);
}

function told(limit: string | undefined, remaining: string | undefined, reset: string | undefined, now: Date): ToldLimit[] {
  const left = numberOf(remaining);
  return left === null ? [] : [{ limit: numberOf(limit), windowSeconds: parameterOf(limit ?? '', 'w'), remaining: left, resetMs: resetMsOf(numberOf(reset), now) }];
}

function resetMsOf(seconds: number | null, now: Date): number | null {
  if (seconds === null) return null;
  return seconds >= leastInstant ? Math.max(0, seconds * 1000 - now.getTime()) : seconds * 1000;
}

function nameOf(item: string): string {
  return item.split(';')[0]?.trim() ?? '';
}

function parameterOf(item: string, name: string): number | null {
  return numberOf(new RegExp(`;\\s*${name}=(\\d+)`).exec(item)?.[1]);
}

/** The first number of the text: `100, 100;w=60` is 100. */
function numberOf(text: string | undefined): number | null {
  const digits = /^\s*(\d{1,15})/.exec(text ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}
