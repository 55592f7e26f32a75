/** https://www.iana.org/assignments/dns-svcb, verified 2026-11-25. Others are `key<number>`. */
const knownKeys = ['mandatory', 'alpn', 'no-default-alpn', 'port', 'ipv4hint', 'ech', 'ipv6hint', 'dohpath', 'ohttp'];

/**
 * Parameters of HTTPS and SVCB (RFC 9460 2.1) in one form: by key number, every value in quotes. Servers give them back sorted, some with
 * quotes and some without, so that without this a plan would never become empty. `null`: the text is not a list of parameters.
 */
export function svcbParameters(text: string): string | null {
  const pattern = /\s*([a-z0-9-]+)(?:=(?:"((?:\\.|[^"\\])*)"|((?:\\.|[^\s"\\])*)))?(?=\s|$)/gsy;
  const parameters: { key: string; value: string | null }[] = [];
  let end = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    parameters.push({ key: match[1]!, value: match[2] ?? match[3] ?? null });
    end = pattern.lastIndex;
  }
  if (text.slice(end).trim() !== '') return null;
  return parameters
    .sort((a, b) => numberOf(a.key) - numberOf(b.key))
    .map(({ key, value }) => (value === null ? key : `${key}="${key === 'mandatory' ? value.split(',').sort((a, b) => numberOf(a) - numberOf(b)).join(',') : value}"`))
    .join(' ');
}

function numberOf(key: string): number {
  const known = knownKeys.indexOf(key);
  return known >= 0 ? known : Number(/^key(\d+)$/.exec(key)?.[1] ?? 65_535);
}
