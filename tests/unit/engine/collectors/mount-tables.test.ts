/** What holds for every table of mounts: each storage once, nothing that is no disk, names that do not depend on anything else. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CollectorError } from '../../../../src/main/engine/collectors/collector';
import { parseMountinfo, realMounts } from '../../../../src/main/engine/collectors/mounts.linux';
import { mountTables } from '../../../support/mount-tables';

type Table = typeof mountTables extends fc.Arbitrary<infer T> ? T : never;

const textOf = (table: Table): Buffer => Buffer.from(table.map(({ line }) => `${line}\n`).join(''), 'latin1');

/** The chosen mounts, with what they really are. */
function chosenFrom(table: Table, withRemote: boolean) {
  const files = new Set(table.filter(({ isFile, isVisible }) => isFile && isVisible).map(({ point }) => point));
  return realMounts(parseMountinfo(textOf(table)), withRemote, { files, copies: new Set(), sealed: new Set() }).map((mount) => {
    const is = table.find(({ line }) => Number(line.split(' ', 1)[0]) === mount.id);
    if (is === undefined) throw new Error(`a mount that is not in the table: ${mount.point}`);
    return { ...is, deviceId: mount.deviceId };
  });
}

const namesOf = (table: Table, withRemote = false): Map<number, string> => new Map(chosenFrom(table, withRemote).map(({ storage, deviceId }) => [storage, deviceId]));

describe('realMounts', () => {
  it('gives each storage that can be reached once, and nothing that is no disk', () => {
    fc.assert(
      fc.property(mountTables, fc.boolean(), (table, withRemote) => {
        const chosen = chosenFrom(table, withRemote);
        const isMeasured = (one: Table[number]): boolean => one.isVisible && (one.nature === 'disk' || (withRemote && one.nature === 'remote'));
        const folders = table.filter((one) => isMeasured(one) && !one.isFile);
        const files = table.filter((one) => isMeasured(one) && one.isFile);
        for (const one of chosen) expect(isMeasured(one)).toBe(true);
        if (folders.length > 0) {
          const storages = chosen.map(({ storage }) => storage);
          expect(new Set(storages)).toEqual(new Set(folders.map(({ storage }) => storage)));
          expect(storages).toHaveLength(new Set(storages).size);
          expect(chosen.filter(({ isFile }) => isFile)).toEqual([]);
        } else {
          expect(chosen).toHaveLength(Math.min(1, files.length));
        }
        expect(new Set(chosen.map(({ deviceId }) => deviceId)).size).toBe(chosen.length);
      }),
      { numRuns: 500 },
    );
  });

  it('has the root if it is a disk', () => {
    fc.assert(
      fc.property(mountTables, (table) => {
        const [root] = table;
        fc.pre(root?.nature === 'disk');
        expect(namesOf(table).get(root?.storage ?? -1)).toBe('/');
      }),
    );
  });

  it('gives the same names whatever the order of the lines', () => {
    fc.assert(
      fc.property(
        mountTables.chain((table) => fc.tuple(fc.constant(table), fc.shuffledSubarray(table, { minLength: table.length }))),
        ([table, shuffled]) => {
          expect(namesOf(shuffled)).toEqual(namesOf(table));
          expect(namesOf(shuffled, true)).toEqual(namesOf(table, true));
        },
      ),
    );
  });

  it('keeps the names when another disk comes or goes', () => {
    fc.assert(
      fc.property(mountTables, fc.constantFrom('/a disk', '/mnt/usb', '/run/media/ann/stick', '/z'), (table, point) => {
        // A disk on a free folder, which covers nothing.
        if (table.some((one) => one.point === point || one.point.startsWith(`${point}/`))) return;
        const parent = 20;
        const other = { line: `999 ${parent} 8:999 / ${point.replace(' ', '\\040')} rw - ext4 /dev/sdz rw`, point, storage: -1, nature: 'disk' as const, isFile: false, isVisible: true };
        // Without any folder a file stood in, and no longer has to.
        const before = chosenFrom(table, true);
        if (before.some(({ isFile }) => isFile)) return;
        const after = namesOf([...table, other], true);
        for (const { storage, deviceId } of before) expect(after.get(storage)).toBe(deviceId);
      }),
    );
  });
});

describe('parseMountinfo', () => {
  /** Null if a table could be read, else what was thrown. */
  const failureFrom = (bytes: Buffer): unknown => {
    try {
      realMounts(parseMountinfo(bytes), true);
      return null;
    } catch (error) {
      return error instanceof CollectorError ? error.kind : error;
    }
  };
  const survives = (bytes: Buffer): boolean => [null, 'ParseError'].includes(failureFrom(bytes) as string | null);

  it('survives any bytes', () => {
    const text = fc.string({ unit: fc.constantFrom(' ', '\n', '\\', '0', '4', '7', '-', '/', ':', 'a', ',', '=', '@') });
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), text, (bytes, cells) => {
      expect([Buffer.from(bytes), Buffer.from(cells)].every(survives)).toBe(true);
    }));
  });

  it('survives a damaged table', () => {
    fc.assert(
      fc.property(mountTables, fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 10 }), fc.nat(), (table, damage, cut) => {
        const bytes = textOf(table);
        for (const [at, byte] of damage) bytes[at % bytes.length] = byte;
        expect(survives(bytes.subarray(0, cut % (bytes.length + 1)))).toBe(true);
      }),
    );
  });
});
