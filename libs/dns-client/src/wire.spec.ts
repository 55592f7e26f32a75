import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { WireReader } from './wire-reader.js';
import { WireWriter } from './wire-writer.js';

type Part = { kind: 'u8' | 'u16' | 'u32' | 'u48'; value: number } | { kind: 'bytes'; value: Uint8Array } | { kind: 'name'; value: string };
const part: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ kind: fc.constant('u8' as const), value: fc.nat(0xff) }),
  fc.record({ kind: fc.constant('u16' as const), value: fc.nat(0xffff) }),
  fc.record({ kind: fc.constant('u32' as const), value: fc.nat(0x7fffffff) }),
  fc.record({ kind: fc.constant('u48' as const), value: fc.nat(0x7fffffff).map((value) => value * 0x10000) }),
  fc.record({ kind: fc.constant('bytes' as const), value: fc.uint8Array({ maxLength: 700 }) }),
  fc.record({ kind: fc.constant('name' as const), value: fc.constantFrom('.', 'a.', 'www.example.org.', 'a\\046b\\000.org.') }),
);

function write(writer: WireWriter, { kind, value }: Part): void {
  if (kind === 'bytes') writer.prefixed((at) => at.bytes(value));
  else if (kind === 'name') writer.name(value);
  else writer[kind](value);
}

function read(reader: WireReader, { kind }: Part): unknown {
  if (kind === 'bytes') return new Uint8Array(reader.bytes(reader.u16()));
  return reader[kind]();
}

describe('the wire', () => {
  // The writer once wrote into the octets that it had just left for a larger room.
  it('gives back what was written, wherever the writer has to make room', () => {
    fc.assert(fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
      const writer = new WireWriter();
      for (const each of parts) write(writer, each);
      const reader = new WireReader(writer.finish());

      expect(parts.map((each) => read(reader, each))).toEqual(parts.map((each) => each.value));
      reader.expectEnd();
    }), { numRuns: 500 });
  });

  it('does not carry more than 64 KiB', () => {
    const writer = new WireWriter().bytes(Buffer.alloc(0xffff));

    expect(writer.u8(0).length).toBe(0x10000);
    expect(() => writer.finish()).toThrow(expect.objectContaining({ code: 'too_large' }));
  });

  it.each([
    ['a pointer to itself', [0xc0, 0x00]],
    ['a pointer forwards', [0xc0, 0x02, 0x00]],
    ['a label that ends too early', [0x05, 0x61]],
    ['a label type that does not exist', [0x80, 0x00]],
    ['no end', [0x01, 0x61]],
    ['more than 255 octets', Array.from({ length: 130 }, () => [0x01, 0x61]).flat().concat(0)],
  ])('refuses a name with %s', (_what, octets) => {
    expect(() => new WireReader(Buffer.from(octets)).name()).toThrow(expect.objectContaining({ code: 'malformed_answer' }));
  });

  it('follows pointers backwards, through each other', () => {
    const message = Buffer.from([3, 0x6f, 0x52, 0x67, 0, 1, 0x61, 0xc0, 0, 1, 0x62, 0xc0, 5]);
    const reader = new WireReader(message, 9);

    expect(reader.name()).toBe('b.a.org.');
    reader.expectEnd();
  });
});
