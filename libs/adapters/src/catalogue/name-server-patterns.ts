/**
 * Does a name server's name fit a pattern? Lower case without final dot; `*` stands for any labels or a part of one:
 * `*.ns.cloudflare.com`, `ns-*.awsdns-*.com`.
 */
export function fitsPattern(pattern: string, nameServer: string): boolean {
  const expression = pattern.split('*').map((part) => part.replace(/[.\\^$+?()[\]{}|]/g, '\\$&')).join('[a-z0-9.-]+');
  return new RegExp(`^${expression}$`).test(plain(nameServer));
}

export type PatternOwner = { id: string; patterns: readonly string[] };

/** The key of the provider whose most specific pattern (the one with the most fixed characters) fits; `null`: none, or two equally specific ones. */
export function ownerOfNameServer(owners: readonly PatternOwner[], nameServer: string): string | null {
  const fitting = owners.flatMap(({ id, patterns }) => patterns.filter((pattern) => fitsPattern(pattern, nameServer)).map((pattern) => ({ id, fixed: pattern.replaceAll('*', '').length })));
  const most = Math.max(0, ...fitting.map(({ fixed }) => fixed));
  const best = new Set(fitting.filter(({ fixed }) => fixed === most).map(({ id }) => id));
  return best.size === 1 ? [...best][0]! : null;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
