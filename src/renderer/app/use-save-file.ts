/** Saving of files that the page creates. */
import type { ActionStatus } from '../ui/status-message';
import { useState } from 'react';
import { useApp } from './app-context';

const NO_STATUS: ActionStatus = { text: '', failed: false };

/** A file to save; `data` is null where there is nothing to save yet. */
export interface SavedFile {
  readonly name: string;
  readonly encoding: 'utf8' | 'base64';
  readonly data: string | null;
}

/** Saves files at a location that the user chooses, or as a browser download; `status` is the outcome of the last one. */
export function useSaveFile(): { readonly status: ActionStatus; save(file: SavedFile): Promise<void> } {
  const { actions } = useApp();
  const [status, setStatus] = useState(NO_STATUS);
  const save = async ({ name, encoding, data }: SavedFile): Promise<void> => {
    setStatus(NO_STATUS);
    if (data === null) return setStatus({ text: 'Nothing to save yet.', failed: true });
    const response = await actions.saveFile({ name, encoding, data });
    if (response.failure !== null) setStatus({ text: response.failure, failed: true });
    else if (response.path !== null) setStatus({ text: `Saved as ${response.path}`, failed: false });
    return undefined;
  };
  return { status, save };
}
