/* Pictures of QR codes, and the files that Chromium takes for a camera. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';

const require = createRequire(import.meta.url);
prepareZXingModule({ overrides: { wasmBinary: readFileSync(require.resolve('zxing-wasm/writer/zxing_writer.wasm')).buffer } });

/** A QR code as a printed card has it, as PNG bytes. */
export async function qrPng(text) {
  const { image, error } = await writeBarcode(text, { format: 'QRCode', ecLevel: 'M', scale: 6, withQuietZones: true });
  if (!image) throw new Error(`no QR code: ${error}`);
  return Buffer.from(await image.arrayBuffer());
}

/** The picture held before a camera of 1280 × 720 dots: one frame of MJPEG. */
export async function toCamera(browser, png, path) {
  const page = await browser.newPage();
  const jpeg = await page.evaluate(async (data) => {
    const picture = await createImageBitmap(await (await fetch(data)).blob());
    const canvas = document.createElement('canvas');
    canvas.width = 1280;
    canvas.height = 720;
    const to = canvas.getContext('2d');
    to.fillStyle = '#8d8577';
    to.fillRect(0, 0, 1280, 720);
    const scale = Math.min(620 / picture.height, 1100 / picture.width);
    to.translate(640, 360);
    to.rotate(0.05);
    to.filter = 'blur(0.6px) brightness(0.92)';
    to.drawImage(picture, (-picture.width * scale) / 2, (-picture.height * scale) / 2, picture.width * scale, picture.height * scale);
    return canvas.toDataURL('image/jpeg', 0.85);
  }, `data:image/png;base64,${png.toString('base64')}`);
  await page.close();
  writeFileSync(path, Buffer.from(jpeg.split(',')[1], 'base64'));
}
