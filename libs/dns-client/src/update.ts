import { ownerName, type OwnerName, type RecordType, type RecordValue } from '@connect/domain';
import { classAny, classIn, classNone, opcodeUpdate, typeCode, typeName } from './codes.js';
import { decodeRdata } from './rdata-decode.js';
import { encodeRdata } from './rdata-encode.js';
import { flag, readHeader, readRawRecord, recordOf, type RawRecord } from './message.js';
import { malformed, WireReader } from './wire-reader.js';
import { WireWriter } from './wire-writer.js';

/** What has to hold before anything is changed (RFC 2136 2.4). All values of a set are compared, TTLs are not. */
export type Prerequisite =
  | { kind: 'set_exists'; ownerName: OwnerName; type: RecordType }
  | { kind: 'set_equals'; ownerName: OwnerName; type: RecordType; values: RecordValue[] }
  | { kind: 'set_absent'; ownerName: OwnerName; type: RecordType }
  | { kind: 'name_in_use'; ownerName: OwnerName }
  | { kind: 'name_not_in_use'; ownerName: OwnerName };
/** What is changed, in this order and all together (RFC 2136 2.5). */
export type UpdateOperation =
  | { kind: 'add'; ownerName: OwnerName; type: RecordType; ttlSeconds: number; value: RecordValue }
  | { kind: 'delete_value'; ownerName: OwnerName; type: RecordType; value: RecordValue }
  | { kind: 'delete_set'; ownerName: OwnerName; type: RecordType }
  | { kind: 'delete_name'; ownerName: OwnerName };
export type UpdateMessage = { id: number; zone: OwnerName; prerequisites: Prerequisite[]; updates: UpdateOperation[] };

const anyType = 255;
const soaType = 6;

/** An UPDATE request, not yet signed. Throws `record_invalid` for data that is not in presentation form, `too_large` beyond 64 KiB. */
export function encodeUpdate({ id, zone, prerequisites, updates }: UpdateMessage): Buffer {
  const count = prerequisites.reduce((sum, prerequisite) => sum + (prerequisite.kind === 'set_equals' ? prerequisite.values.length : 1), 0);
  const writer = new WireWriter().u16(id).u16(opcodeUpdate << 11).u16(1).u16(count).u16(updates.length).u16(0);
  writer.name(ownerName(zone)).u16(soaType).u16(classIn);
  for (const prerequisite of prerequisites) writePrerequisite(writer, prerequisite);
  for (const update of updates) writeUpdate(writer, update);
  return writer.finish();
}

/** Understands an UPDATE request; a TSIG record at its end is left aside. Throws `malformed_answer`. */
export function decodeUpdate(message: Buffer): UpdateMessage {
  const reader = new WireReader(message);
  const { id, opcode, flags, counts } = readHeader(reader);
  if (opcode !== opcodeUpdate || (flags & flag.response) !== 0 || counts[0] !== 1) throw malformed('the message is no UPDATE request');
  const zone = reader.name();
  if (reader.u16() !== soaType || reader.u16() !== classIn) throw malformed('the zone section of an UPDATE is not a zone');
  const prerequisites: Prerequisite[] = [];
  for (let i = 0; i < counts[1]; i++) addPrerequisite(prerequisites, readRawRecord(reader));
  const updates: UpdateOperation[] = [];
  for (let i = 0; i < counts[2]; i++) updates.push(readUpdate(readRawRecord(reader)));
  return { id, zone, prerequisites, updates };
}

function writePrerequisite(writer: WireWriter, prerequisite: Prerequisite): void {
  const { ownerName: name } = prerequisite;
  switch (prerequisite.kind) {
    case 'set_exists':
      return writeBare(writer, name, typeCode(prerequisite.type), classAny);
    case 'set_absent':
      return writeBare(writer, name, typeCode(prerequisite.type), classNone);
    case 'name_in_use':
      return writeBare(writer, name, anyType, classAny);
    case 'name_not_in_use':
      return writeBare(writer, name, anyType, classNone);
    case 'set_equals':
      for (const value of prerequisite.values) writeFull(writer, name, prerequisite.type, classIn, 0, value);
  }
}

function writeUpdate(writer: WireWriter, update: UpdateOperation): void {
  switch (update.kind) {
    case 'add':
      return writeFull(writer, update.ownerName, update.type, classIn, update.ttlSeconds, update.value);
    case 'delete_value':
      return writeFull(writer, update.ownerName, update.type, classNone, 0, update.value);
    case 'delete_set':
      return writeBare(writer, update.ownerName, typeCode(update.type), classAny);
    case 'delete_name':
      return writeBare(writer, update.ownerName, anyType, classAny);
  }
}

function writeBare(writer: WireWriter, name: OwnerName, type: number, classCode: number): void {
  writer.name(name).u16(type).u16(classCode).u32(0).u16(0);
}

function writeFull(writer: WireWriter, name: OwnerName, type: RecordType, classCode: number, ttlSeconds: number, value: RecordValue): void {
  writer.name(name).u16(typeCode(type)).u16(classCode).u32(ttlSeconds).prefixed((at) => encodeRdata(at, type, value));
}

/** Values of one set stand one by one, usually side by side; they are one prerequisite. */
function addPrerequisite(prerequisites: Prerequisite[], raw: RawRecord): void {
  const { ownerName: name, typeCode: code, classCode, data } = raw;
  const type = typeName(code);
  if (classCode === classIn) {
    const value = decodeRdata(type, data);
    const same = prerequisites.find((other) => other.kind === 'set_equals' && other.ownerName === name && other.type === type);
    if (same?.kind === 'set_equals') same.values.push(value);
    else prerequisites.push({ kind: 'set_equals', ownerName: name, type, values: [value] });
    return;
  }
  data.expectEnd();
  if (classCode === classAny) prerequisites.push(code === anyType ? { kind: 'name_in_use', ownerName: name } : { kind: 'set_exists', ownerName: name, type });
  else if (classCode === classNone) prerequisites.push(code === anyType ? { kind: 'name_not_in_use', ownerName: name } : { kind: 'set_absent', ownerName: name, type });
  else throw malformed('a prerequisite has a class of its own');
}

function readUpdate(raw: RawRecord): UpdateOperation {
  const { ownerName: name, typeCode: code, classCode, data } = raw;
  const type = typeName(code);
  switch (classCode) {
    case classIn:
      return { kind: 'add', ...recordOf(raw) };
    case classNone:
      return { kind: 'delete_value', ownerName: name, type, value: decodeRdata(type, data) };
    case classAny:
      data.expectEnd();
      return code === anyType ? { kind: 'delete_name', ownerName: name } : { kind: 'delete_set', ownerName: name, type };
    default:
      throw malformed('an update has a class of its own');
  }
}
