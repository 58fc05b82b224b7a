/**
 * A process that holds a file as virus scanners, spreadsheets and backups do on Windows, for tests of those who replace it:
 * `holder <path> <ms>`. It writes "h" to standard output once it holds the file, and lets go after ms, or at the end of its
 * standard input. Node itself opens files so that they can be renamed meanwhile (FILE_SHARE_DELETE); SQLite does not
 * (sqlite3.c, winOpen: FILE_SHARE_READ | FILE_SHARE_WRITE).
 */
import Database from 'better-sqlite3';
import { writeSync } from 'node:fs';

const [path = '', ms = '60000'] = process.argv.slice(2);
// The file is opened at once, and what is in it does not matter until it is read.
const held = new Database(path, { fileMustExist: true });
writeSync(1, 'h');
const release = (): void => {
  held.close();
  process.exit(0);
};
setTimeout(release, Number(ms));
process.stdin.on('end', release).resume();
