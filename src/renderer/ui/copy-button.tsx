import { useState } from 'react';

/** Puts a text on the clipboard, and says whether that worked. */
export function CopyButton({ text, label = 'Copy', name }: { readonly text: string; readonly label?: string; readonly name?: string }) {
  const [told, setTold] = useState('');
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setTold('Copied'),
      () => setTold('The clipboard is not allowed here'),
    );
  };
  return (
    <span className="with-word">
      <output>{told}</output>
      <button type="button" aria-label={name} onClick={copy}>
        {label}
      </button>
    </span>
  );
}
