/** Copying to the clipboard. */
import { useState } from 'react';

/** Copies a text to the clipboard and shows the result beside it. `name` is the accessible name, `label` the visible one. */
export function CopyButton({ text, label = 'Copy', name }: { readonly text: string; readonly label?: string; readonly name?: string }) {
  const [status, setStatus] = useState('');
  const copy = async (): Promise<void> => {
    try {
      // Over plain HTTP there is no clipboard API, which throws as well.
      await navigator.clipboard.writeText(text);
      setStatus('Copied');
    } catch {
      setStatus('Copying is not available here');
    }
  };
  return (
    <span className="copy-control">
      <output>{status}</output>
      <button type="button" aria-label={name} onClick={() => void copy()}>
        {label}
      </button>
    </span>
  );
}
