/** The desktop's own file dialogs, over the app's window. */
import { BrowserWindow, dialog } from 'electron';
import { homedir } from 'node:os';
import { extname, join } from 'node:path';
import type { FileDialogs } from '../lib/file-dialogs';

const CHUNK_KINDS: Readonly<Record<string, string>> = { csv: 'Comma-separated values', json: 'JSON', png: 'Picture', sqlite: 'Traywatch history' };

function filterFor(extension: string): { name: string; extensions: string[] } {
  return { name: CHUNK_KINDS[extension] ?? extension, extensions: [extension] };
}

/** Makes them; `folder` is where the first one opens. */
export function createDialogs(folder: string = homedir()): FileDialogs {
  const parent = (): BrowserWindow[] => BrowserWindow.getAllWindows().slice(0, 1);
  return {
    async save({ title, name }) {
      const options = { title, defaultPath: join(folder, name), filters: [filterFor(extname(name).slice(1))] };
      const [window] = parent();
      const answer = await (window === undefined ? dialog.showSaveDialog(options) : dialog.showSaveDialog(window, options));
      return answer.canceled || answer.filePath === '' ? null : answer.filePath;
    },
    async open({ title, extension }) {
      const options: Electron.OpenDialogOptions = { title, defaultPath: folder, properties: ['openFile'], filters: [filterFor(extension), { name: 'All files', extensions: ['*'] }] };
      const [window] = parent();
      const answer = await (window === undefined ? dialog.showOpenDialog(options) : dialog.showOpenDialog(window, options));
      return answer.canceled ? null : (answer.filePaths[0] ?? null);
    },
  };
}
