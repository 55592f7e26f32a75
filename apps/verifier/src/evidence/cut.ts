const mostCharactersOfText = 1_000;
const mostOctetsOfTexts = 4_000;

/** As many of the first as fit into so many octets of JSON. */
export function firstOf<T>(all: readonly T[], octets: number): T[] {
  let left = octets;
  const end = all.findIndex((one) => {
    left -= Buffer.byteLength(JSON.stringify(one));
    return left < 0;
  });
  return end === -1 ? [...all] : all.slice(0, end);
}

/** The beginning of what somebody else's server said, which may be as long as it likes; what is left out is told. */
export function beginningOf(texts: readonly string[]): string[] {
  const first = firstOf(texts.map(beginningOfText), mostOctetsOfTexts);
  return first.length === texts.length ? first : [...first, `… and ${texts.length - first.length} more`];
}

function beginningOfText(text: string): string {
  return text.length <= mostCharactersOfText ? text : `${text.slice(0, mostCharactersOfText)} … (${text.length} characters)`;
}
