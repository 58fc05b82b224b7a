/** Saves a file as a download of the browser, where the `saveFile` call of Traywatch's own window is not available. */
import type { CallInput } from '../../shared/api/contract';

/** The bytes of a file given as text or base64. */
export function toBlob({ encoding, data }: Pick<CallInput<'saveFile'>, 'encoding' | 'data'>): Blob {
  if (encoding === 'utf8') return new Blob([data], { type: 'text/plain;charset=utf-8' });
  const bytes = Uint8Array.from(atob(data), (character) => character.codePointAt(0) ?? 0);
  return new Blob([bytes], { type: 'application/octet-stream' });
}

/** Starts a download of the file. */
export function downloadInBrowser(file: CallInput<'saveFile'>): void {
  const url = URL.createObjectURL(toBlob(file));
  const link = document.createElement('a');
  link.href = url;
  link.download = file.name;
  link.click();
  URL.revokeObjectURL(url);
}
