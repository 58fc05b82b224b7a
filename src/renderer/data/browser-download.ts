/** Saving a file the browser's own way, where there is no desktop to ask for a place. */
import type { CallInput } from '../../shared/api/contract';

/** A file as text or base64, as bytes. */
export function toBlob({ encoding, data }: Pick<CallInput<'saveFile'>, 'encoding' | 'data'>): Blob {
  if (encoding === 'utf8') return new Blob([data], { type: 'text/plain;charset=utf-8' });
  const bytes = Uint8Array.from(atob(data), (character) => character.codePointAt(0) ?? 0);
  return new Blob([bytes], { type: 'application/octet-stream' });
}

/** Hands the file to the browser's downloads. */
export function downloadInBrowser(file: CallInput<'saveFile'>): void {
  const address = URL.createObjectURL(toBlob(file));
  const link = document.createElement('a');
  link.href = address;
  link.download = file.name;
  link.click();
  URL.revokeObjectURL(address);
}
