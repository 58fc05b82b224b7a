/** What other programs and people do to a database file that is in use. */
import Database from 'better-sqlite3';
import { copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A database, its write-ahead log and the log's index. */
export const withSuffixes = (path: string): string[] => ['', '-wal', '-shm'].map((suffix) => path + suffix);

/** Each deed by what is true afterwards of the file at `path`. */
export const DEEDS: Readonly<Record<string, (path: string) => void>> = {
  'replaced by a copy': (path) => {
    copyFileSync(path, `${path}.x`);
    renameSync(`${path}.x`, path);
  },
  'replaced by a copy, with its log and index': (path) => {
    for (const name of withSuffixes(path)) {
      copyFileSync(name, `${name}.x`);
      renameSync(`${name}.x`, name);
    }
  },
  'replaced by another database': (path) => {
    const other = new Database(`${path}.x`);
    other.exec('CREATE TABLE a (b); INSERT INTO a VALUES (1)');
    other.close();
    renameSync(`${path}.x`, path);
  },
  'replaced by an empty file': (path) => {
    writeFileSync(`${path}.x`, '');
    renameSync(`${path}.x`, path);
  },
  'replaced by noise': (path) => {
    writeFileSync(`${path}.x`, Buffer.alloc(5000, 7));
    renameSync(`${path}.x`, path);
  },
  'replaced by a folder': (path) => {
    rmSync(path);
    mkdirSync(path);
    writeFileSync(join(path, 'note'), 'mine');
  },
  'replaced by a link that leads nowhere': (path) => {
    rmSync(path);
    symlinkSync('/nowhere/at/all', path);
  },
  'moved elsewhere, with a link to it in its place': (path) => {
    renameSync(path, `${path}.elsewhere`);
    symlinkSync(`${path}.elsewhere`, path);
  },
  removed: (path) => rmSync(path),
  'removed with its log and index': (path) => withSuffixes(path).forEach((name) => rmSync(name)),
  'moved away': (path) => renameSync(path, `${path}.moved`),
  'moved away with its log and index': (path) => withSuffixes(path).forEach((name) => renameSync(name, name.replace('history', 'moved'))),
  'moved away with its folder': (path) => renameSync(dirname(path), `${dirname(path)}.moved`),
  'left without its log': (path) => rmSync(`${path}-wal`),
  'left without its index': (path) => rmSync(`${path}-shm`),
  'given another log': (path) => {
    rmSync(`${path}-wal`);
    writeFileSync(`${path}-wal`, 'mine');
  },
};
