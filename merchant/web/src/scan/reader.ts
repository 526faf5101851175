/* QR codes in a picture, by ZXing compiled to WebAssembly, from this origin. */
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import readerUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';

export function warmUp(): void {
  prepareZXingModule({
    overrides: { locateFile: () => new URL(readerUrl, document.baseURI).href },
    fireImmediately: true,
  });
}

/** The bytes of every code found, the largest first. */
export async function readCodes(picture: ImageData, hard: boolean): Promise<Uint8Array[]> {
  const found = await readBarcodes(picture, {
    formats: ['QRCode'],
    tryHarder: hard,
    tryRotate: hard,
    tryInvert: hard,
    tryDownscale: hard,
    maxNumberOfSymbols: 4,
  });
  return found.filter((f) => f.isValid).map((f) => f.bytes);
}
