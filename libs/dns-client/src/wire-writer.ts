import { ConnectError } from '@connect/domain';
import { DnsClientError } from './dns-client-error.js';

const dot = 0x2e;
const backslash = 0x5c;

/** Writes a message front to back, in network byte order, without compression of names. */
export class WireWriter {
  #bytes = Buffer.allocUnsafe(512);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  u8(value: number): this {
    const at = this.#room(1); // first, since it may move the octets
    this.#bytes[at] = value;
    return this;
  }

  u16(value: number): this {
    const at = this.#room(2);
    this.#bytes.writeUInt16BE(value, at);
    return this;
  }

  u32(value: number): this {
    const at = this.#room(4);
    this.#bytes.writeUInt32BE(value, at);
    return this;
  }

  u48(value: number): this {
    const at = this.#room(6);
    this.#bytes.writeUIntBE(value, at, 6);
    return this;
  }

  bytes(value: Uint8Array): this {
    const at = this.#room(value.length);
    this.#bytes.set(value, at);
    return this;
  }

  /** A character string of at most 255 octets (RFC 1035 3.3). */
  characterString(value: Uint8Array): this {
    if (value.length > 255) throw new ConnectError('record_invalid', { detail: 'a character string has at most 255 octets' });
    return this.u8(value.length).bytes(value);
  }

  /** What `write` writes, with its length in 16 bits before it. */
  prefixed(write: (writer: this) => void): this {
    const at = this.#room(2);
    write(this);
    this.#bytes.writeUInt16BE(this.#length - at - 2, at);
    return this;
  }

  /** A name in presentation form. The final dot may be missing; `\.` and `\DDD` are understood. */
  name(name: string): this {
    const start = this.#length;
    let lengthAt = this.#room(1);
    const close = (): void => {
      const octets = this.#length - lengthAt - 1;
      if (octets < 1 || octets > 63) throw new ConnectError('bad_label', { detail: 'a label has 1 to 63 octets' });
      this.#bytes[lengthAt] = octets;
      lengthAt = this.#room(1);
    };
    if (name !== '.') {
      for (let at = 0; at < name.length; at++) {
        const char = name.charCodeAt(at);
        if (char === dot) {
          close();
        } else if (char !== backslash) {
          if (char > 0x7e || char < 0x21) throw new ConnectError('bad_label', { detail: 'a name is ASCII without spaces' });
          this.u8(char);
        } else {
          const decimal = /^\d{3}/.exec(name.slice(at + 1, at + 4));
          const octet = decimal ? Number(decimal[0]) : name.charCodeAt(at + 1);
          if (!(octet <= 255)) throw new ConnectError('bad_label', { detail: 'an escape is not an octet' });
          this.u8(octet);
          at += decimal ? 3 : 1;
        }
      }
      if (this.#length > lengthAt + 1) close();
    }
    this.#bytes[lengthAt] = 0;
    if (this.#length - start > 255) throw new ConnectError('hostname_too_long', { detail: 'a name has at most 255 octets on the wire' });
    return this;
  }

  /** Writes over what is there. */
  patchU16(at: number, value: number): this {
    this.#bytes.writeUInt16BE(value, at);
    return this;
  }

  /** The message. The writer is not used after that. Throws `too_large` beyond 64 KiB. */
  finish(): Buffer {
    if (this.#length > 0xffff) throw new DnsClientError('too_large', 'a DNS message has at most 65535 octets');
    return this.#bytes.subarray(0, this.#length);
  }

  #room(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      if (this.#length > 0x20000) throw new DnsClientError('too_large', 'a DNS message has at most 65535 octets');
      const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length));
      larger.set(this.#bytes.subarray(0, at));
      this.#bytes = larger;
    }
    return at;
  }
}
