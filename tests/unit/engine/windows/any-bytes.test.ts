/** Whatever bytes a call leaves, a parser returns a value or throws a CollectorError, and reads nothing beside them. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CollectorError } from '../../../../src/main/engine/collectors/collector';
import { parseBatteryState } from '../../../../src/main/engine/windows/battery-state';
import { parseCounterItems } from '../../../../src/main/engine/windows/counter-items';
import { parseDiskDescriptor, parseDiskPerformance, parseExtents } from '../../../../src/main/engine/windows/disk-answers';
import { multiText } from '../../../../src/main/engine/windows/fields';
import { parseCounters, parseInterfaceTable } from '../../../../src/main/engine/windows/interface-rows';
import { parseFollowingText, parseProcesses, parseTokenUser } from '../../../../src/main/engine/windows/process-entries';
import { countSockets } from '../../../../src/main/engine/windows/socket-tables';
import { parseBasic, parseFileCache, parsePageFiles, parsePerformance, parseTasks } from '../../../../src/main/engine/windows/system-tables';
import { batteryState, bytesOf, counterItems, diskDescriptor, diskExtents, diskPerformance, multi, processList, socketTable, WINE } from '../../../support/windows';

const LIST = processList([{ pid: 0, name: '' }, { pid: 4, name: 'System' }, { pid: 8, name: 'イ b.exe', threads: 3 }]);
const ITEMS = counterItems([{ instance: '0,0', value: 1 }, { instance: '0,_Total', value: 2 }]);

/** Every parser, with bytes that it understands. */
const PARSERS: readonly (readonly [name: string, whole: Buffer, parse: (bytes: Buffer) => unknown])[] = [
  ['MIB_IF_TABLE2', bytesOf(WINE.interfaceTable), parseInterfaceTable],
  ['MIB_IF_ROW2', bytesOf(WINE.interfaceTable).subarray(8, 8 + 1352), parseCounters],
  ['SYSTEM_PROCESS_INFORMATION', LIST.bytes, (bytes) => parseProcesses({ bytes, address: LIST.address })],
  ['UNICODE_STRING', Buffer.concat([Buffer.from([4, 0]), Buffer.alloc(14), Buffer.from('ab', 'utf16le')]), parseFollowingText],
  ['TOKEN_USER', bytesOf(WINE.user), parseTokenUser],
  ['SYSTEM_BASIC_INFORMATION', bytesOf(WINE.basic), parseBasic],
  ['SYSTEM_PERFORMANCE_INFORMATION', bytesOf(WINE.performance), parsePerformance],
  ['SYSTEM_PAGEFILE_INFORMATION', Buffer.alloc(32), parsePageFiles],
  ['SYSTEM_FILECACHE_INFORMATION', Buffer.alloc(64), (bytes) => parseFileCache(bytes, 4096)],
  ['PERFORMANCE_INFORMATION', bytesOf(WINE.info), parseTasks],
  ['SYSTEM_BATTERY_STATE', batteryState({ flags: [0, 1, 0, 1], full: 54_000, now: 27_000, rate: -9600, time: 10_120 }), parseBatteryState],
  ['MIB_TCPTABLE', socketTable('tcp4', [2, 5, 11]), (bytes) => countSockets(bytes, 'tcp4')],
  ['MIB_TCP6TABLE', socketTable('tcp6', [2, 5, 11]), (bytes) => countSockets(bytes, 'tcp6')],
  ['MIB_UDP6TABLE', socketTable('udp6', [1, 1]), (bytes) => countSockets(bytes, 'udp6')],
  ['DISK_PERFORMANCE', diskPerformance(0, { readBytes: 1, writeBytes: 2, reads: 3, writes: 4, idle: 5, time: 6 }), (bytes) => parseDiskPerformance(bytes, 0)],
  ['STORAGE_DEVICE_DESCRIPTOR', diskDescriptor({ vendor: 'V', product: 'P' }), parseDiskDescriptor],
  ['VOLUME_DISK_EXTENTS', diskExtents([0, 1]), parseExtents],
  ['PDH_FMT_COUNTERVALUE_ITEM', ITEMS.bytes, (bytes) => parseCounterItems({ bytes, address: ITEMS.address }, 2)],
  ['REG_MULTI_SZ', multi('C:\\', 'D:\\'), multiText],
];

/** The bytes lie in the middle of others, as a call that read beside them would find out. */
function within(bytes: Buffer, around: number): Buffer {
  const memory = Buffer.alloc(bytes.length + 2 * 4096, around);
  bytes.copy(memory, 4096);
  return memory.subarray(4096, 4096 + bytes.length);
}

/** What comes of the bytes; a CollectorError is its message. */
function outcomeOf(parse: (bytes: Buffer) => unknown, bytes: Buffer): unknown {
  try {
    return parse(bytes);
  } catch (error) {
    if (error instanceof CollectorError && error.kind === 'ParseError') return error.message;
    throw error;
  }
}

/** What comes of the bytes, whatever lies around them. */
const outcomes = (parse: (bytes: Buffer) => unknown, bytes: Buffer): [ones: unknown, zeros: unknown] => [outcomeOf(parse, within(bytes, 0xff)), outcomeOf(parse, within(bytes, 0x00))];

describe.each(PARSERS)('%s', (_, whole, parse) => {
  it('is understood whole', () => {
    expect(() => parse(whole)).not.toThrow();
  });

  it('of any bytes is a value or an error of its own', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2048 }), (bytes) => {
        const [ones, zeros] = outcomes(parse, Buffer.from(bytes));
        expect(ones).toEqual(zeros);
      }),
      { numRuns: 200 },
    );
  });

  it('cut anywhere, and with any byte changed, is a value or an error of its own', () => {
    const changes = fc.array(fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 })), { maxLength: 4 });
    fc.assert(
      fc.property(changes, fc.nat({ max: whole.length }), (changed, length) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of changed) bytes.writeUInt8(value, at);
        const [ones, zeros] = outcomes(parse, bytes.subarray(0, length));
        expect(ones).toEqual(zeros);
      }),
      { numRuns: 300 },
    );
  });
});
