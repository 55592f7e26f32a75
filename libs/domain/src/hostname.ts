import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { parse } from 'tldts';
import { ConnectError } from './connect-error.js';
import { ownerName, relativeName, type OwnerName } from './names.js';

/** A hostname that a customer may connect. */
export type Hostname = {
  /** A-labels, lower case, final dot; the first label may be `*`. */
  ownerName: OwnerName;
  /** The registrable domain by the ICANN part of the Public Suffix List, final dot. */
  apex: OwnerName;
  /** Relative to the apex, '' at the apex itself. */
  subdomain: string;
  wildcard: boolean;
};

/**
 * Reads a hostname as people type it: U-labels become A-labels (UTS #46), case is folded, one final dot is allowed.
 * Errors: `hostname_is_ip`, `hostname_too_long`, `bad_label`, `public_suffix`, `not_a_domain`.
 */
export function parseHostname(text: string): Hostname {
  const typed = text.trim().replace(/\.$/, '');
  if (isIP(typed.replace(/^\[|\]$/g, '')) || /^\d+(\.\d+)*$/.test(typed)) throw new ConnectError('hostname_is_ip');
  if (typed === '' || /[\s/:@?#]/.test(typed)) throw new ConnectError('not_a_domain', { detail: 'a hostname has labels and dots only, such as shop.example.com' });
  const wildcard = typed.startsWith('*.');
  const ascii = toAscii(wildcard ? typed.slice(2) : typed);
  const name = ownerName(wildcard ? `*.${ascii}` : ascii);
  for (const label of ascii.split('.')) {
    if (!/^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/.test(label)) throw new ConnectError('bad_label', { detail: `the label "${label.slice(0, 63)}" is not allowed in a hostname` });
  }
  const listed = parse(ascii, { allowPrivateDomains: false, validateHostname: false });
  if (!listed.domain) throw new ConnectError(ascii.includes('.') || listed.isIcann ? 'public_suffix' : 'not_a_domain');
  const apex = ownerName(listed.domain);
  return { ownerName: name, apex, subdomain: relativeName(name, apex), wildcard };
}

function toAscii(text: string): string {
  if (text.split('.').some((label) => label === '')) throw new ConnectError('bad_label', { detail: 'a label is empty' });
  if (text.length > 253 * 4) throw new ConnectError('hostname_too_long');
  // Underscores are legal in DNS names but not in UTS #46 hosts; only labels with other characters need the conversion.
  const ascii = text.split('.').map((label) => (/^[\x21-\x7e]+$/.test(label) ? label.toLowerCase() : domainToASCII(label))).join('.');
  if (ascii.split('.').some((label) => label === '')) throw new ConnectError('bad_label', { detail: 'a label cannot be written in ASCII (IDNA)' });
  if (ascii.length > 253) throw new ConnectError('hostname_too_long');
  if (ascii.split('.').some((label) => label.length > 63)) throw new ConnectError('bad_label', { detail: 'a label has at most 63 octets' });
  return ascii;
}
