/** Put a picture on the clipboard, which takes PNG alone; false where the browser does not let us. */
export async function copyPicture(source: string): Promise<boolean> {
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': asPng(source) })])
    return true
  }
  catch {
    return false
  }
}

async function asPng(source: string): Promise<Blob> {
  const picture = await createImageBitmap(await (await fetch(source)).blob())
  const canvas = new OffscreenCanvas(picture.width, picture.height)
  canvas.getContext('2d')!.drawImage(picture, 0, 0)
  return canvas.convertToBlob({ type: 'image/png' })
}
