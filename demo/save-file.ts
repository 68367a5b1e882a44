/** Hands a file to the browser's downloads. */

/** Time for the browser to begin the download before the address is taken back, ms. */
const RELEASE_AFTER_MS = 60_000;

export function saveFile(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const anchor = document.createElement('a');
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), RELEASE_AFTER_MS);
}
