/* A clerk at a browser: signs in, proves himself, looks. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const executablePath = process.env.HUFU_CHROMIUM ?? '/usr/bin/chromium';
const args = ['--no-sandbox', '--disable-gpu', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'];
export const open = () => chromium.launch({ executablePath, args });

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** RFC 6238, six digits, 30 seconds; `step` from 1970. */
function codeOf(secret, step) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  let bits = '';
  for (const c of secret) bits += letters.indexOf(c).toString(2).padStart(5, '0');
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const text = Buffer.alloc(8);
  text.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', key).update(text).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, '0');
}

export class Clerk {
  constructor(browser, url, login, screens) {
    Object.assign(this, { browser, url, login, screens, faults: [], last: 0, shots: 0 });
  }

  /** A code that was not given yet: the daemon takes each once. */
  async code() {
    let step = Math.max(Math.floor(Date.now() / 30000), this.last + 1);
    while (step > Math.floor(Date.now() / 30000) + 1) {
      await new Promise((done) => setTimeout(done, 500));
      step = Math.max(Math.floor(Date.now() / 30000), this.last + 1);
    }
    this.last = step;
    return codeOf(this.secret, step);
  }

  async come(size = { width: 1366, height: 768 }) {
    this.context = await this.browser.newContext({ viewport: size, locale: 'zh-CN', ignoreHTTPSErrors: true, permissions: ['camera'] });
    this.page = await this.context.newPage();
    this.page.on('pageerror', (e) => this.faults.push(String(e)));
    this.page.on('console', (m) => {
      if (m.type() === 'error' && !/Failed to load resource/.test(m.text())) this.faults.push(m.text());
    });
    await this.page.goto(this.url);
  }

  /** By keyboard alone. */
  async fill(id, text) {
    await this.page.locator(`#${id}`).focus();
    await this.page.keyboard.type(text);
  }

  async accept(invitation, password) {
    const page = this.page;
    this.password = password;
    await page.locator('#totp').waitFor();
    await page.locator('a[href="#/first"]').click();
    await page.locator('#code').waitFor();
    await this.fill('login', this.login);
    await this.fill('code', invitation);
    await this.fill('password', password);
    await this.fill('again', password);
    await page.keyboard.press('Enter');
    this.secret = (await page.locator('[data-test=secret]').innerText()).trim();
    await page.locator('[data-test=go]').click();
  }

  async signIn() {
    const page = this.page;
    await page.locator('#totp').waitFor();
    await this.fill('login', this.login);
    await this.fill('password', this.password);
    await this.fill('totp', await this.code());
    await page.keyboard.press('Enter');
    await page.locator('nav.side').waitFor();
  }

  async begin(invitation, size) {
    await this.come(size);
    await this.accept(invitation, `${this.login} keeps a long secret`.replaceAll(this.login, this.login.length + ' words'));
    await this.signIn();
  }

  async look(path, name) {
    await this.page.goto(`${this.url}/#${path}`);
    await this.page.locator('h1').waitFor();
    await this.page.waitForLoadState('networkidle');
    await this.judge(name);
  }

  /** A screenshot, when they are wanted, and what axe says of the page. */
  async judge(name) {
    /* what fades in has another contrast until it is there; so has what goes */
    await this.page.waitForTimeout(150); // it begins after the next frame
    const still = () => Promise.all(document.getAnimations().map((a) => a.finished.catch(() => undefined)));
    await Promise.race([this.page.evaluate(still), new Promise((done) => setTimeout(done, 1500))]);
    if (this.screens) await this.page.screenshot({ path: `${this.screens}/${name}.png` });
    await this.page.evaluate(axe);
    const { violations } = await this.page.evaluate(() => globalThis.axe.run({ exclude: ['[class*=-leave-active]'] }, { resultTypes: ['violations'] }));
    for (const v of violations)
      if (['serious', 'critical'].includes(v.impact)) this.faults.push(`${name}: ${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
  }

  async leave() {
    await this.context.close();
    return this.faults.map((f) => `${this.login}: ${f}`);
  }
}
