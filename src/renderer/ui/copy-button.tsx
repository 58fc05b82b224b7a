import { useState } from 'react';

/** Puts a text on the clipboard, and says whether that worked. */
export function CopyButton({ text, label = 'Copy', name }: { readonly text: string; readonly label?: string; readonly name?: string }) {
  const [status, setMessage] = useState('');
  const copy = async (): Promise<void> => {
    try {
      // Over plain HTTP there is no clipboard at all, which throws as well.
      await navigator.clipboard.writeText(text);
      setMessage('Copied');
    } catch {
      setMessage('The clipboard is not allowed here');
    }
  };
  return (
    <span className="with-word">
      <output>{status}</output>
      <button type="button" aria-label={name} onClick={() => void copy()}>
        {label}
      </button>
    </span>
  );
}
