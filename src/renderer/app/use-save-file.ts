import type { ActionStatus } from '../ui/status-message';
import { useState } from 'react';
import { useApp } from './app-context';

const NOTHING: ActionStatus = { text: '', failed: false };

/** A file to be saved; data is null where there is nothing to put in it. */
export interface SavedFile {
  readonly name: string;
  readonly encoding: 'utf8' | 'base64';
  readonly data: string | null;
}

/** Saves files where the person says, and knows what came of the last. */
export function useSaveFile(): { readonly status: ActionStatus; save(file: SavedFile): Promise<void> } {
  const { actions } = useApp();
  const [status, setMessage] = useState(NOTHING);
  const save = async ({ name, encoding, data }: SavedFile): Promise<void> => {
    setMessage(NOTHING);
    if (data === null) return setMessage({ text: 'There is nothing to save yet.', failed: true });
    const answer = await actions.saveFile({ name, encoding, data });
    if (answer.failure !== null) setMessage({ text: answer.failure, failed: true });
    else if (answer.path !== null) setMessage({ text: `Saved as ${answer.path}`, failed: false });
    return undefined;
  };
  return { status, save };
}
