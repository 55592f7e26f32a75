import { ProviderError } from '@connect/domain';

/** An element: its text, or its children by name, each name with all its elements in their order. Attributes are not kept. */
export type XmlNode = string | XmlChildren;
export type XmlChildren = { [name: string]: XmlNode[] };
export type XmlDocument = { root: string; content: XmlNode };

type Open = { name: string; text: string; children: Map<string, XmlNode[]> };

const token = /<\?[^>]*\?>|<!--[^]*?-->|<!\[CDATA\[([^]*?)\]\]>|<(\/?)([A-Za-z_][\w.:-]*)((?:\s[^<>]*?)?)(\/?)>|([^<]+)/y;

/**
 * The part of XML that the API speaks: elements, text, the five entities and character references. No DOCTYPE, hence no entities of its own.
 * Throws `provider_protocol`; the text is never quoted.
 */
export function parseXml(text: string): XmlDocument {
  const open: Open[] = [{ name: '', text: '', children: new Map() }];
  token.lastIndex = 0;
  for (let at = 0; at < text.length; at = token.lastIndex) {
    token.lastIndex = at;
    const match = token.exec(text);
    if (match === null) throw notXml();
    const [, data, closing, name, , empty, between] = match;
    const top = open.at(-1)!;
    if (between !== undefined) top.text += unescaped(between);
    else if (data !== undefined) top.text += data;
    else if (name !== undefined && closing === '') {
      open.push({ name, text: '', children: new Map() });
      if (empty !== '') close(open, name);
    } else if (name !== undefined) close(open, name);
  }
  const [[root, [content, ...more]] = ['', []], ...others] = [...open[0]!.children];
  if (open.length !== 1 || content === undefined || more.length + others.length > 0 || open[0]!.text.trim() !== '') throw notXml();
  return { root, content };
}

/** For element content: the five characters, and nothing else. */
export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&apos;');
}

function close(open: Open[], name: string): void {
  const done = open.pop();
  const parent = open.at(-1);
  if (done === undefined || parent === undefined || done.name !== name) throw notXml();
  // White space between children is layout; a leaf keeps its text as it is.
  const node = done.children.size === 0 ? done.text : Object.fromEntries(done.children);
  const sisters = parent.children.get(name);
  if (sisters === undefined) parent.children.set(name, [node]);
  else sisters.push(node);
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replaceAll(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{1,8});?/gi, (_, name: string) => {
    const code = name.startsWith('#x') || name.startsWith('#X') ? Number.parseInt(name.slice(2), 16) : name.startsWith('#') ? Number(name.slice(1)) : null;
    const char = code === null ? entities[name] : code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
    if (char === undefined) throw notXml();
    return char;
  });
}

function notXml(): ProviderError {
  return new ProviderError('provider_protocol', { detail: 'the answer is not the XML that was expected' });
}
