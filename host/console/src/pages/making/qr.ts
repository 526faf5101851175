/* The QR of a printed card, by camera or picture: ZXing from this origin. */
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import readerUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';

const WIDTH = 1280;
const PAUSE_MS = 120;

export interface Scanner {
  stop(): void;
}

export function warmUp(): void {
  prepareZXingModule({ overrides: { locateFile: () => readerUrl }, fireImmediately: true });
}

export async function readText(picture: ImageData | Blob): Promise<string | null> {
  const found = await readBarcodes(picture, { formats: ['QRCode'], tryHarder: true, maxNumberOfSymbols: 1 });
  return found.find((f) => f.isValid)?.text ?? null;
}

/** Looks until a code is found or stop() is called; rejects without a camera. */
export async function openScanner(video: HTMLVideoElement, onText: (text: string) => void): Promise<Scanner> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { width: { ideal: WIDTH } } });
  let open = true;
  const stop = () => {
    open = false;
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
  video.srcObject = stream;
  await video.play();
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const look = async () => {
    if (!open || !context) return;
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    if (canvas.width > 0) {
      context.drawImage(video, 0, 0);
      const text = await readText(context.getImageData(0, 0, canvas.width, canvas.height));
      if (text && open) {
        stop();
        onText(text);
        return;
      }
    }
    setTimeout(() => void look(), PAUSE_MS);
  };
  void look();
  return { stop };
}
