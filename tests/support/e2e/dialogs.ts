/** Answers the desktop's file dialogs in a person's place. */
import fs from 'node:fs';
import path from 'node:path';
import type { Traywatch } from './traywatch';

/** What the dialogs answer from now on: a folder that takes saved files under the name offered, a file to open, or null for Cancel. */
export async function answerDialogs({ electron }: Pick<Traywatch, 'electron'>, saveIn: string | null, open: string | null = null): Promise<void> {
  if (saveIn !== null) fs.mkdirSync(saveIn, { recursive: true });
  await electron.evaluate(
    ({ dialog }, answers) => {
      type Save = { defaultPath?: string };
      dialog.showSaveDialog = (...args: unknown[]) => {
        const name = (args.at(-1) as Save).defaultPath?.split('/').at(-1) ?? 'file';
        return Promise.resolve({ canceled: answers.saveIn === null, filePath: answers.saveIn === null ? '' : `${answers.saveIn}/${name}` });
      };
      dialog.showOpenDialog = () => Promise.resolve({ canceled: answers.open === null, filePaths: answers.open === null ? [] : [answers.open] });
    },
    { saveIn, open },
  );
}

/** The one file in a folder whose name ends so, as soon as it is there and no draft is. */
export function fileIn(folder: string, end: string): string | null {
  if (!fs.existsSync(folder)) return null;
  const found = fs.readdirSync(folder).filter((name) => name.endsWith(end));
  return found.length === 1 && found[0] !== undefined ? path.join(folder, found[0]) : null;
}
