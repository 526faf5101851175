/* A merchant with a phone: Chromium, a fake camera, one visit. */
import { chromium } from 'playwright-core';

const executablePath = process.env.HUFU_CHROMIUM ?? '/usr/bin/chromium';
const args = ['--no-sandbox', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', '--disable-gpu'];
export const open = (camera) => chromium.launch({ executablePath, args: camera ? [...args, `--use-file-for-fake-video-capture=${camera}`] : args });

/** Visits of one address; `time` 0 leaves the clock alone. */
export function visitor(url, nowMs) {
  return (browser, { language = 'zh-CN', dark = false, time = nowMs } = {}) => visit(browser, url, language, dark, time);
}

async function visit(browser, url, language, dark, time) {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
    locale: language,
    timezoneId: 'Europe/Lisbon', // days must be China's all the same
    colorScheme: dark ? 'dark' : 'light',
    permissions: ['camera'],
  });
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', (e) => faults.push(String(e)));
  page.on('console', (m) => {
    if (m.type() === 'error' && !/Failed to load resource/.test(m.text())) faults.push(m.text());
  });
  if (time) await page.clock.setFixedTime(time);
  await page.goto(url);
  return { context, page, faults };
}

/** Scans what the camera shows and answers what the page said. */
export async function scan(page) {
  await page.getByRole('button', { name: /扫描二维码|Scan the QR code/ }).click();
  const sheet = page.locator('.verdict');
  await sheet.waitFor({ timeout: 15000 });
  return { verdict: await sheet.getAttribute('data-verdict'), tone: (await sheet.getAttribute('class')).split(' ').pop(), text: await page.locator('main').innerText() };
}

