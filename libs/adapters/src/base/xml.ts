import { ProviderError } from '@connect/domain';

/** An element by its local name: the namespace prefix is left out, since the documentation of Namecheap and its servers do not agree on the namespace. */
export type XmlElement = { name: string; attributes: Record<string, string>; children: XmlElement[]; text: string };

/** Elements without their attributes: a text, or children by name, each name with all its elements in their order. What a schema of ours can be put to. */
export type XmlContent = string | { [name: string]: XmlContent[] };

/**
 * The part of XML that answers of Namecheap and Route 53 use. A document type is refused: without one there are no entities to expand, and no files to fetch.
 * Throws `provider_protocol` for what is not well formed, also for an answer that is cut off; the text is never quoted.
 */
export function parseXml(text: string): XmlElement {
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const token = /<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([\w:.-]+)\s*>|<([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;
  const source = text.replace(/^\uFEFF/, '');
  while (token.lastIndex < source.length) {
    const match = token.exec(source);
    if (match === null) throw malformed();
    const [, cdata, closing, opening, attributes = '', selfClosing, characters] = match;
    const parent = open.at(-1)!;
    if (cdata !== undefined) parent.text += cdata;
    else if (characters !== undefined) parent.text += unescaped(characters);
    else if (closing !== undefined) {
      if (open.length < 2 || parent.name !== localName(closing)) throw malformed();
      open.pop();
    } else if (opening !== undefined) {
      const element: XmlElement = { name: localName(opening), attributes: attributesOf(attributes), children: [], text: '' };
      parent.children.push(element);
      if (selfClosing === '') open.push(element);
    }
  }
  const [document, more] = root.children;
  if (open.length !== 1 || document === undefined || more !== undefined || root.text.trim() !== '') throw malformed();
  return document;
}

export function childrenOf(element: XmlElement | undefined, name: string): XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** The first element on the way of names below `element`. */
export function at(element: XmlElement, ...names: string[]): XmlElement | undefined {
  return names.reduce<XmlElement | undefined>((found, name) => childrenOf(found, name)[0], element);
}

/** White space between children is layout and left out; an element without children keeps its text as it is. */
export function contentOf(element: XmlElement): XmlContent {
  if (element.children.length === 0) return element.text;
  const names = new Set(element.children.map(({ name }) => name));
  return Object.fromEntries([...names].map((name) => [name, childrenOf(element, name).map(contentOf)]));
}

/** For element content: the five characters, and nothing else. */
export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&apos;');
}

function attributesOf(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(([, name, double, single]) => [localName(name!), unescaped(double ?? single ?? '')]));
}

function unescaped(text: string): string {
  const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w+));/g, (_, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) {
      const character = named[name];
      if (character === undefined) throw malformed();
      return character;
    }
    const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal);
    if (code > 0x10ffff) throw malformed();
    return String.fromCodePoint(code);
  });
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function malformed(): ProviderError {
  return new ProviderError('provider_protocol', { detail: 'the answer is not XML' });
}
