/** The picture in what was dropped or pasted. */

/** The first file; a file of another kind is taken too, so that the page can say what is wrong with it. */
export function pictureFileOf(transfer: Pick<DataTransfer, 'files'> | null): File | undefined {
  const files = [...(transfer?.files ?? [])];
  return files.find(file => file.type.startsWith('image/')) ?? files[0];
}
