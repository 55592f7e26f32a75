/** A text as JSON; `null` where it is none. The parser's own error may quote the text, so it goes no further. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
