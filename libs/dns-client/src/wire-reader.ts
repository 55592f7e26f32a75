import type { OwnerName } from '@connect/domain';
import { DnsClientError } from './dns-client-error.js';

/** Octets that stand for themselves in a name. The others are written `\DDD`, also the dot inside a label, so that a final dot or a suffix of a name means what it seems to mean. */
const plain = new Uint8Array(256);
for (let octet = 0x21; octet < 0x7f; octet++) plain[octet] = '"().;@$\\'.includes(String.fromCharCode(octet)) ? 0 : 1;

/** Reads a message front to back and throws `malformed_answer` where it ends too early. */
export class WireReader {
  constructor(readonly message: Buffer, public at = 0, readonly end = message.length) {}

  get left(): number {
    return this.end - this.at;
  }

  u8(): number {
    return this.message[this.#take(1)]!;
  }

  u16(): number {
    return this.message.readUInt16BE(this.#take(2));
  }

  u32(): number {
    return this.message.readUInt32BE(this.#take(4));
  }

  u48(): number {
    return this.message.readUIntBE(this.#take(6), 6);
  }

  bytes(count: number): Buffer {
    const at = this.#take(count);
    return this.message.subarray(at, at + count);
  }

  rest(): Buffer {
    return this.bytes(this.left);
  }

  characterString(): Buffer {
    return this.bytes(this.u8());
  }

  /** A reader of the next `count` octets, which still follows compression pointers into the whole message. */
  part(count: number): WireReader {
    const at = this.#take(count);
    return new WireReader(this.message, at, at + count);
  }

  /** A name in the house's form: lower case, final dot. Compression pointers (RFC 1035 4.1.4) lead backwards only, so that none can loop. */
  name(): OwnerName {
    let text = '';
    let at = this.at;
    let octets = 1;
    let end = this.end;
    let hasJumped = false;
    for (;;) {
      if (at >= end) throw malformed('a name ends too early');
      const length = this.message[at]!;
      if (length === 0) {
        if (!hasJumped) this.at = at + 1;
        return (text === '' ? '.' : text) as OwnerName;
      }
      if (length >= 0xc0) {
        if (at + 2 > end) throw malformed('a name ends too early');
        const target = ((length & 0x3f) << 8) | this.message[at + 1]!;
        if (target >= at) throw malformed('a compression pointer does not lead backwards');
        if (!hasJumped) this.at = at + 2;
        hasJumped = true;
        end = at;
        at = target;
        continue;
      }
      octets += length + 1;
      if (length > 63 || octets > 255 || at + 1 + length > end) throw malformed('a label or name is too long');
      text += this.#label(at + 1, length);
      at += length + 1;
    }
  }

  skipName(): void {
    for (;;) {
      const length = this.u8();
      if (length === 0) return;
      if (length >= 0xc0) {
        this.#take(1);
        return;
      }
      if (length > 63) throw malformed('a label is too long');
      this.#take(length);
    }
  }

  expectEnd(): void {
    if (this.at !== this.end) throw malformed('record data is longer than its type allows');
  }

  #label(start: number, length: number): string {
    for (let at = start; at < start + length; at++) if (plain[this.message[at]!] === 0) return this.#escapedLabel(start, length);
    return `${this.message.toString('latin1', start, start + length).toLowerCase()}.`;
  }

  #escapedLabel(start: number, length: number): string {
    let text = '';
    for (let at = start; at < start + length; at++) {
      const octet = this.message[at]!;
      text += plain[octet] === 1 ? String.fromCharCode(octet).toLowerCase() : `\\${octet.toString().padStart(3, '0')}`;
    }
    return `${text}.`;
  }

  #take(count: number): number {
    const at = this.at;
    if (at + count > this.end) throw malformed('the message ends too early');
    this.at = at + count;
    return at;
  }
}

export function malformed(detail: string): DnsClientError {
  return new DnsClientError('malformed_answer', detail, { requestSent: true });
}
