import type { RecordType, RecordValue } from '@connect/domain';
import { decodeRdata } from './rdata-decode.js';
import { encodeRdata } from './rdata-encode.js';
import { WireReader } from './wire-reader.js';
import { WireWriter } from './wire-writer.js';

/** The octets of a record's data. Throws `record_invalid`. */
export function rdataOf(type: RecordType, value: RecordValue): Buffer {
  const writer = new WireWriter();
  encodeRdata(writer, type, value);
  return writer.finish();
}

/** Record data of a whole buffer, which holds no compressed names, in canonical form. Throws `malformed_answer`. */
export function valueOfRdata(type: RecordType, rdata: Buffer): RecordValue {
  return decodeRdata(type, new WireReader(rdata));
}

/**
 * The value as a name server would show it: what the wire cannot tell apart becomes the same (quotes and order of HTTPS parameters, case
 * of hex). Compare an expected value with an observed one in this form. Throws `record_invalid`.
 */
export function wireValue(type: RecordType, value: RecordValue): RecordValue {
  return valueOfRdata(type, rdataOf(type, value));
}
