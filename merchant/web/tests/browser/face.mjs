/*
 * face.mjs DIST PUBLIC VERDICT SCREEN FACE.png...: printed faces held before
 * the camera, with an office's own published files; by the clock of now.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toCamera } from './frames.mjs';
import { openSite, underFolders } from './site.mjs';
import { open, scan, visitor } from './visitor.mjs';

const [dist, published, verdict, screen, ...faces] = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), 'hufu-face-'));
const site = await openSite(underFolders(dist, (path) => join(published, path)));
const visit = visitor(site.url, 0);
const plain = await open();
try {
  for (const face of faces) {
    const camera = join(scratch, 'camera.mjpeg');
    await toCamera(plain, readFileSync(face), camera);
    const browser = await open(camera);
    const { page, faults } = await visit(browser);
    const said = await scan(page);
    await page.screenshot({ path: screen });
    await browser.close();
    assert.equal(said.verdict, verdict, said.text);
    assert.deepEqual(faults, []);
  }
} finally {
  await plain.close();
  await site.close();
  rmSync(scratch, { recursive: true, force: true });
}
