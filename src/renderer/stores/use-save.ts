import { useState } from 'react';
import type { CallInput } from '../../shared/api/contract';
import { useApp } from '../app-context';

/** A change to the settings. */
export type Patch = CallInput<'updateSettings'>;

/** Saves a change, and keeps why it could not be saved. */
export function useSave(): { readonly failure: string | null; readonly save: (patch: Patch, onSaved?: () => void) => void } {
  const { actions } = useApp();
  const [failure, setFailure] = useState<string | null>(null);
  const save = async (patch: Patch, onSaved?: () => void): Promise<void> => {
    const problem = await actions.updateSettings(patch);
    // The name of the field stands beside it already.
    setFailure(problem?.replace(/^[\w.]+: /, '') ?? null);
    if (problem === null) onSaved?.();
  };
  return { failure, save: (patch, onSaved) => void save(patch, onSaved) };
}
