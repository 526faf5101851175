/*
 * tour.mjs DIST VECTORS OUT [quick]: the page in Chromium with a fake camera,
 * as a merchant meets it. Screens are left in OUT; the exit status tells.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { qrPng, toCamera } from './frames.mjs';
import { openSite, underFolders } from './site.mjs';
import { open, scan, visitor } from './visitor.mjs';

const [dist, vectors, out, mode] = process.argv.slice(2);
const quick = mode === 'quick';
const NOW_MS = 1786449600_000; // the vectors' time
const DAY_MS = 86400_000;
const ISSUER_CASES = 'es256';

const cases = new Map(
  readFileSync(join(vectors, 'verdicts/cases.tsv'), 'latin1')
    .split('\n')
    .filter((line) => line)
    .map((line) => {
      const [id, time, verdict, text] = line.split('\t');
      return [id, { id, time: Number(time), verdict, text }];
    }),
);

/* Plain text at the vectors' time, of the issuer whose list is served. */
function findCase(verdict, part) {
  for (const c of cases.values())
    if (c.verdict === verdict && c.time * 1000 === NOW_MS && c.id.includes(part) && !c.text.includes('\\') && c.text.length < 900) return c.text;
  throw new Error(`no case ${verdict} ${part}`);
}

const cards = [
  ['valid', findCase('valid', `accepted-${ISSUER_CASES}`), '1', 'good'],
  ['suspended', findCase('suspended', `-${ISSUER_CASES}`), '2', 'bad'],
  ['revoked', findCase('revoked', `judged-revoked-${ISSUER_CASES}`), '3', 'bad'],
  ['expired', findCase('expired', `-${ISSUER_CASES}`), '4', 'bad'],
  ['forged', findCase('wrong-signature', 'flip-'), '7', 'bad'],
  ['foreign', 'https://example.org/menu', '8', 'look'],
];

const files = {
  'root.pem': 'verdicts/root.pem',
  'trust-list.cbor': 'verdicts/trust-list.cbor',
  'status/7/list.cwt': 'verdicts/status-1.cwt',
};
let served = files;
const lists = (path) => (served[path] ? (served[path].startsWith('/') ? served[path] : join(vectors, served[path])) : null);

let checks = 0;
function ok(words) {
  checks++;
  console.log(`ok ${String(checks).padStart(2)}  ${words}`);
}

const scratch = mkdtempSync(join(tmpdir(), 'hufu-tour-'));
mkdirSync(out, { recursive: true });
const site = await openSite(underFolders(dist, lists));
const visit = visitor(site.url, NOW_MS);

async function closeClean({ context, faults }) {
  await context.close();
  assert.deepEqual(faults, []);
}

async function everyVerdict(plain) {
  const times = [];
  for (const [name, text, verdict, tone] of cards) {
    const camera = join(scratch, `${name}.mjpeg`);
    const png = await qrPng(text);
    await toCamera(plain, png, camera);
    const browser = await open(camera);
    for (const language of quick ? ['zh-CN'] : ['zh-CN', 'en-GB']) {
      const dark = language === 'en-GB' && name === 'valid';
      const at = await visit(browser, { language, dark });
      const said = await scan(at.page);
      assert.equal(said.verdict, verdict, `${name}: ${said.text}`);
      assert.equal(said.tone, tone, name);
      assert.equal(/核对本人照片|Compare the photo/.test(said.text), name === 'valid', `${name}: compare`);
      await at.page.screenshot({ path: join(out, `${name}-${language.slice(0, 2)}.png`), fullPage: true });
      await closeClean(at);
      ok(`${name}, ${language}: ${said.text.split('\n').slice(0, 2).join(' ')}`);
    }
    const today = await visit(browser, { time: 0 }); // by its own clock
    await scan(today.page);
    times.push(...(await today.page.evaluate(() => performance.getEntriesByName('frame-to-verdict').map((e) => e.duration))));
    await today.context.close();
    await browser.close();
  }
  assert.equal(times.length, cards.length);
  console.log(`frame to verdict, ms: ${times.map((t) => Math.round(t)).join(' ')}`);
}

async function photoOf(page, text) {
  await page.setInputFiles('input[type=file]', { name: 'card.png', mimeType: 'image/png', buffer: await qrPng(text) });
}

async function photos(browser) {
  const at = await visit(browser);
  await at.page.getByRole('button', { name: '扫描二维码' }).waitFor();
  await at.page.screenshot({ path: join(out, 'start-zh.png') });
  await at.page.setInputFiles('input[type=file]', { name: 'x.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await at.page.getByText('这不是能打开的照片').waitFor();
  ok('a file that is no picture is told as such');
  await photoOf(at.page, cards[0][1]);
  await at.page.locator('.verdict.good').waitFor();
  ok('a photo does as well as the camera');
  await closeClean(at);
}

async function offline(browser) {
  const at = await visit(browser);
  await at.page.getByRole('button', { name: '扫描二维码' }).waitFor();
  await at.page.evaluate(() => navigator.serviceWorker.ready);
  await at.page.waitForFunction(async () => (await caches.keys()).length > 0 && (await (await caches.open((await caches.keys())[0])).keys()).length >= 8);
  await at.context.setOffline(true);
  await at.page.reload();
  await at.page.getByRole('button', { name: '扫描二维码' }).waitFor();
  await at.page.getByText('取不到名单').waitFor();
  await photoOf(at.page, cards[0][1]);
  await at.page.locator('.verdict.good').waitFor();
  await at.page.screenshot({ path: join(out, 'offline-zh.png') });
  ok('without a network after the first visit: the page loads and verifies');
  await at.page.clock.setFixedTime(NOW_MS + 8 * DAY_MS);
  await at.page.reload();
  await at.page.getByRole('button', { name: '扫描二维码' }).waitFor();
  await photoOf(at.page, cards[0][1]);
  await at.page.locator('.verdict.look').waitFor();
  assert.match(await at.page.locator('.verdict').innerText(), /需核对\s+卡真实，但名单太旧/);
  await at.page.screenshot({ path: join(out, 'stale-zh.png') });
  ok('a stale list: genuine, but to be checked');
  await at.page.clock.setFixedTime(NOW_MS - 400 * DAY_MS);
  await at.page.reload();
  await at.page.getByRole('button', { name: '扫描二维码' }).waitFor();
  await photoOf(at.page, findCase('expired', 'judged-expired-long-es256'));
  await at.page.locator('.verdict').waitFor();
  assert.equal(await at.page.locator('.verdict').getAttribute('data-verdict'), '4');
  assert.match(await at.page.locator('.verdict').innerText(), /本机时间不准/);
  ok('a clock set back revives nothing, and is told');
  await closeClean(at);
}

async function rollback(browser) {
  const at = await visit(browser);
  await at.page.getByRole('button', { name: '扫描二维码' }).waitFor();
  served = { ...files, 'trust-list.cbor': 'lists/intl/public/trust-list.cbor' };
  await at.page.reload();
  await at.page.getByText('信任名单不是原来的根签发的').waitFor();
  await photoOf(at.page, cards[0][1]);
  await at.page.locator('.verdict.good').waitFor();
  served = files;
  ok("another root's lists are refused, those in hand stay");
  await closeClean(at);
}

async function firstVisitOffline(browser) {
  served = {};
  const at = await visit(browser);
  await at.page.getByText('首次使用请联网').waitFor();
  await at.page.screenshot({ path: join(out, 'nothing-zh.png') });
  served = files;
  await at.page.getByRole('button', { name: '重试' }).click();
  await at.page.getByRole('button', { name: '扫描二维码' }).waitFor();
  ok('without lists: told what to do, then it goes on by itself');
  await closeClean(at);
}

async function settings(browser) {
  const at = await visit(browser);
  await at.page.getByRole('button', { name: '扫描二维码' }).waitFor();
  await photoOf(at.page, cards[0][1]);
  await at.page.locator('.verdict').waitFor();
  assert.equal(await at.page.evaluate(() => JSON.parse(localStorage.getItem('hufu-settings') ?? '{}').visits?.length ?? 0), 0);
  ok('nothing is remembered unless asked for');
  await at.page.getByRole('tab', { name: '设置' }).click();
  await at.page.getByRole('switch').click();
  await at.page.screenshot({ path: join(out, 'settings-zh.png') });
  await at.page.getByRole('tab', { name: '查验' }).click();
  await photoOf(at.page, cards[2][1]);
  await at.page.locator('.verdict.bad').waitFor();
  await at.page.getByRole('tab', { name: '设置' }).click();
  const kept = await at.page.evaluate(() => localStorage.getItem('hufu-settings'));
  assert.equal(JSON.parse(kept).visits.length, 1);
  assert.ok(!/\d{17}/.test(kept), 'no card number is kept');
  await at.page.getByText('English').click();
  await at.page.getByText('Clear the history').click();
  await at.page.getByText('Nothing kept').waitFor();
  await at.page.screenshot({ path: join(out, 'settings-en.png') });
  await at.page.getByRole('tab', { name: 'Benefits' }).click();
  await at.page.screenshot({ path: join(out, 'benefits-en.png') });
  ok('history when asked for, cleared when asked for, in both languages');
  await closeClean(at);
}

async function benefits(browser) {
  served = { ...files, 'benefits.json': new URL('benefits.json', import.meta.url).pathname };
  const at = await visit(browser);
  await at.page.getByRole('button', { name: '扫描二维码' }).waitFor();
  await at.page.getByRole('tab', { name: '设置' }).click();
  await at.page.getByLabel('本店所在区划代码').fill('320106');
  await at.page.getByRole('tab', { name: '优待目录' }).click();
  await at.page.getByText('市内公交免费').waitFor();
  assert.equal(await at.page.getByText('外地公园免票').count(), 0);
  await at.page.screenshot({ path: join(out, 'benefits-zh.png') });
  await at.page.getByRole('tab', { name: '查验' }).click();
  await photoOf(at.page, cards[0][1]);
  await at.page.locator('.verdict.good').waitFor();
  assert.match(await at.page.locator('.here').innerText(), /市内公交免费/);
  assert.doesNotMatch(await at.page.locator('.here').innerText(), /外地公园/);
  served = files;
  ok('the directory: what applies to this kind of card at this place');
  await closeClean(at);
}

async function policy(browser) {
  const at = await visit(browser, { time: 0 });
  await at.page.getByRole('button', { name: '扫描二维码' }).waitFor();
  const origins = await at.page.evaluate(() => [...new Set(performance.getEntriesByType('resource').map((e) => new URL(e.name).origin))]);
  assert.deepEqual(origins, [new URL(site.url).origin]);
  const refused = await at.page.evaluate(() =>
    fetch('http://127.0.0.1:9/').then(
      () => false,
      () => true,
    ),
  );
  assert.ok(refused);
  assert.match(await at.page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content'), /default-src 'none'/);
  ok('nothing comes from, or may go to, another origin');
  await at.context.close();
}

const plain = await open();
try {
  await everyVerdict(plain);
  await photos(plain);
  await offline(plain);
  if (!quick) await rollback(plain);
  await firstVisitOffline(plain);
  await settings(plain);
  await benefits(plain);
  await policy(plain);
} finally {
  await plain.close();
  await site.close();
  rmSync(scratch, { recursive: true, force: true });
}
