/** The rule of the card's photo. */
export const PHOTO = { width: 352, height: 440, min: 20 * 1024, max: 50 * 1024 };

/** The part of a picture that has the photo's proportions, around its middle. */
export function cropOf(width: number, height: number): { x: number; y: number; w: number; h: number } {
  const want = PHOTO.width / PHOTO.height;
  if (width / height > want) {
    const w = Math.round(height * want);
    return { x: Math.round((width - w) / 2), y: 0, w, h: height };
  }
  const h = Math.round(width / want);
  return { x: 0, y: Math.round((height - h) / 2), w: width, h };
}

/** Writes 300 dots an inch into the JFIF head of a JPEG. */
export function setDensity(jpeg: Uint8Array, dpi = 300): Uint8Array {
  const out = jpeg.slice();
  const jfif = out[2] === 0xff && out[3] === 0xe0 && out[6] === 0x4a && out[7] === 0x46;
  if (!jfif) return out;
  out.set([1, dpi >> 8, dpi & 255, dpi >> 8, dpi & 255], 13);
  return out;
}

/** The quality whose file has the right length: highest first. */
export async function fitBytes(encode: (quality: number) => Promise<Uint8Array>): Promise<Uint8Array | null> {
  for (let quality = 0.98; quality > 0.3; quality -= 0.04) {
    const bytes = await encode(quality);
    if (bytes.length <= PHOTO.max) return bytes.length >= PHOTO.min ? bytes : null;
  }
  return null;
}

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const b of bytes) text += String.fromCharCode(b);
  return btoa(text);
}
