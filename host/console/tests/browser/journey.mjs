/* journey.mjs URL INVITATIONS [SCREENS]: an application from the counter to
 * the making queue, each step by another person at a browser. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Clerk, open } from './clerk.mjs';

const [url, invitations, screens] = process.argv.slice(2);
const given = JSON.parse(readFileSync(invitations, 'utf8'));
if (screens) mkdirSync(screens, { recursive: true });
const browser = await open();
const faults = [];
const WIDE = { width: 1920, height: 1080 };

function must(is, what) {
  if (!is) throw new Error(what);
}

async function person(login, size) {
  const clerk = new Clerk(browser, url, login, screens);
  await clerk.begin(given[login], size);
  return clerk;
}

/* ---- nobody yet ---- */
const stranger = new Clerk(browser, url, 'nobody', screens);
await stranger.come();
await stranger.page.locator('#totp').waitFor();
await stranger.judge('sign-in');
await stranger.fill('login', 'nobody');
await stranger.fill('password', 'not the password');
await stranger.fill('totp', '123456');
await stranger.page.keyboard.press('Enter');
must(/不正确/.test(await stranger.page.locator('[role=alert]').first().innerText()), 'a stranger is not refused');
await stranger.judge('sign-in-refused');
faults.push(...(await stranger.leave()));

/* ---- at the counter ---- */
const clerk = await person('clerk1');
await clerk.judge('home-clerk');
await clerk.look('/new', 'new-empty');
await clerk.fill('id-number', given.id_number.slice(0, 17) + (given.id_number.endsWith('0') ? '1' : '0'));
must(/校验不符/.test(await clerk.page.locator('.late').first().innerText()), 'a mistyped number is not noticed');
await clerk.page.locator('#id-number').fill(given.id_number);
await clerk.page.keyboard.press('Enter');
await clerk.page.locator('[data-test=photo-file]').waitFor();
await clerk.page.getByRole('checkbox', { name: '退役证件' }).focus();
await clerk.page.keyboard.press('Space');
await clerk.page.locator('[data-test=photo-file]').setInputFiles(given.photo);
await clerk.page.getByText('照片合格').waitFor();
await clerk.judge('new-filled');
await clerk.page.locator('[data-test=apply]').click();
await clerk.page.locator('[data-test=receipt]').waitFor();
const id = (await clerk.page.locator('[data-test=receipt]').innerText()).trim();
await clerk.judge('receipt');
await clerk.page.locator('[data-test=next]').click();
await clerk.page.locator('#id-number').fill(given.id_number);
await clerk.page.keyboard.press('Enter');
await clerk.page.getByText('已有在办申请').waitFor();
await clerk.judge('duplicate');
/* who entered does not decide */
await clerk.look(`/case/${id}`, 'case-clerk');
await clerk.page.locator('[data-test=act-accept]').click();
await clerk.page.locator('[data-test=act-now]').click();
await clerk.page.locator('.el-message--error').first().waitFor();
await clerk.judge('who-entered');
const form = Buffer.from(await clerk.page.evaluate((number) => fetch(`/v1/applications/${number}/form`).then(async (got) => [...new Uint8Array(await got.arrayBuffer())]), id));
must(form.subarray(0, 5).toString() === '%PDF-', 'the form to sign is no PDF');
if (screens) writeFileSync(`${screens}/form.pdf`, form);
faults.push(...(await clerk.leave()));

/* ---- review, five people ---- */
async function accept(login, size) {
  const who = await person(login, size);
  await who.look('/work', `work-${login}`);
  await who.page.locator(`[data-test=case-link]:text-is("${id}")`).click();
  await who.page.locator('[data-test=act-accept]').click();
  await who.judge(`accept-${login}`);
  await who.page.locator('[data-test=act-now]').click();
  await who.page.locator('.el-message--success').waitFor();
  await who.judge(`accepted-${login}`);
  return who;
}
for (const login of ['clerk2', 'centre', 'bureau', 'city']) faults.push(...(await (await accept(login, login === 'bureau' ? WIDE : undefined)).leave()));
const province = await accept('province', WIDE);
faults.push(...(await province.leave()));

/* ---- the making, and those who look ---- */
const maker = await person('maker1', WIDE);
await maker.page.locator('nav.side').getByRole('link', { name: '制证' }).click();
await maker.page.locator('h1').waitFor();
await maker.judge('making');

/* ---- the card travels in a parcel, and is signed for by another ---- */
const packs = maker.page.locator('[data-test=pack-ready]');
await maker.look('/parcels', 'parcels');
for (let i = 0; i < 60 && !(await packs.count()); i++) {
  await maker.page.waitForTimeout(500);
  await maker.page.reload();
  await maker.page.waitForLoadState('networkidle');
}
await maker.judge('parcels-ready');
await packs.click();
await maker.page.locator('[data-test=parcel-send]').click();
await maker.page.locator('h1[data-state=sent]').waitFor();
must((await maker.page.locator('[data-test=parcel-receive]').count()) === 0, 'the sender may sign for his own parcel');
await maker.judge('parcel-sent');
faults.push(...(await maker.leave()));

/* ---- the card's life: handed over, lost, found, suspended, resumed, cancelled ---- */
async function onCard(who, event, ground, want, fill) {
  await who.page.locator(`[data-test=card-${event}]`).click();
  if (fill) await fill(who.page);
  if (ground) {
    await who.page.locator('#card-ground').focus();
    await who.page.keyboard.press('Enter');
    await who.page.getByRole('option', { name: ground }).click();
  }
  await who.page.locator('[data-test=card-now]').click();
  await Promise.race([who.page.locator(`h1[data-phase=${want}]`).waitFor(), who.page.locator('.el-message--error').waitFor()]);
  must(await who.page.locator(`h1[data-phase=${want}]`).count(), `${event}: ${await who.page.locator('.el-message--error').allInnerTexts()}`);
  await who.judge(`card-${event}`);
}
const desk = await person('deskman');
await desk.look('/parcels', 'parcels-desk');
await desk.page.locator('[data-test=parcel-link]').first().click();
await desk.page.locator('#parcel-count').waitFor();
must(await desk.page.locator('[data-test=parcel-receive]').isDisabled(), 'a parcel can be signed for uncounted');
const travelled = await desk.page.locator('main table a').count();
await desk.page.locator('#parcel-count').fill(String(travelled));
await desk.page.keyboard.press('Tab');
await desk.judge('parcel-count');
await desk.page.locator('[data-test=parcel-receive]').click();
await desk.page.locator('h1[data-state=received]').waitFor();
await desk.judge('parcel-received');
await desk.look('/cards', 'cards');
await desk.page.locator('.phase').click();
await desk.page.getByRole('option', { name: '待领取' }).click();
await desk.page.locator('main table a').first().click();
await desk.page.locator('[data-test=card-hand-over]').waitFor();
const card = desk.page.url().split('/').pop();
/* the ID card is looked at, and who collects it signs */
async function sign(page) {
  must(await page.locator('[data-test=card-now]').isDisabled(), 'a card can be handed over unsigned');
  await desk.fill('holder-id', given.id_number);
  const box = await page.locator('[data-test=signature]').boundingBox();
  await page.mouse.move(box.x + 40, box.y + 40);
  await page.mouse.down();
  for (let i = 1; i <= 12; i++) await page.mouse.move(box.x + 40 + i * 20, box.y + 40 + (i % 3) * 25);
  await page.mouse.up();
  await desk.judge('hand-over');
}
await onCard(desk, 'hand-over', '', 'handed-over', sign);
await desk.page.locator('[data-test=hand-over-shown] .signature polyline').waitFor();
await onCard(desk, 'lose-temporary', '', 'temporary-loss');
await onCard(desk, 'find', '', 'handed-over');

const bureau = await person('secondbureau');
await bureau.look(`/cards/${card}`, 'card-bureau');
await onCard(bureau, 'suspend', '其他', 'suspended', (page) => page.locator('#card-until').fill('2030-12-31'));
must(/2031-01-01/.test(await bureau.page.locator('main').innerText()), 'the term is not shown');
await onCard(bureau, 'resume', '', 'handed-over');
await onCard(bureau, 'cancel', '本人申请', 'cancelled');
must((await bureau.page.locator('[data-test^=card-]').count()) === 0, 'a cancelled card can be acted on');

const keeper = await person('keeper1', WIDE);
await keeper.look('/stock', 'stock');
must(/入库/.test(await keeper.page.locator('main').innerText()), 'no balance');
await keeper.page.locator('[data-test=stock-receive]').click();
await keeper.judge('stock-receive');
await keeper.fill('stock-reference', 'T2');
await keeper.page.keyboard.press('Enter');
await keeper.page.locator('.el-message--success').waitFor();
const { in_stock: booked } = await keeper.page.evaluate(() => fetch('/v1/stock').then((got) => got.json()));
await keeper.page.locator('[data-test=stock-count]').click();
await keeper.page.locator('#stock-count').fill(String(booked));
await keeper.page.keyboard.press('Enter');
await keeper.page.locator('[data-test=proposals]').waitFor();
await keeper.judge('stock-proposed');
must((await keeper.page.locator('[data-test=confirm-stock-count]').count()) === 0, 'the keeper may confirm his own count');
must((await desk.page.evaluate(() => fetch('/v1/proposals').then((got) => got.json()))).proposals.length === 0, 'a township sees the county store');
await bureau.look('/stock', 'stock-witness');
await bureau.page.locator('[data-test=confirm-stock-count]').click();
await bureau.page.locator('.el-message--success').waitFor();
await bureau.look('/deaths', 'deaths');
const dead = `id_number,date_of_death\n${given.id_number},2026-01-31\n${given.id_number},2026-01-31\n`;
await bureau.page.locator('#death-file').setInputFiles({ name: 'dead.csv', mimeType: 'text/csv', buffer: Buffer.from(dead) });
await bureau.page.locator('[data-test=deaths-try]').click();
await bureau.page.locator('[data-test=deaths-counts]').waitFor();
must(/登记 1，.*有误 1/.test(await bureau.page.locator('[data-test=deaths-counts]').innerText()), 'the list of the dead is not judged');
await bureau.judge('deaths-tried');
faults.push(...(await desk.leave()), ...(await bureau.leave()));
await keeper.page.locator('[data-test=stock-close]').click();
await keeper.page.locator('[data-test=stock-now]').click();
await keeper.page.locator('[data-test=day-closed]').waitFor();
await keeper.judge('stock-closed');
faults.push(...(await keeper.leave()));

const security = await person('secadmin', WIDE);
await security.look('/staff', 'staff');
must(/区局证件管理员/.test(await security.page.locator('main').innerText()), 'the staff page shows nobody');
must((await security.page.locator('nav.side').getByRole('link', { name: '待办与查询' }).count()) === 0, 'an administrator is shown cases');
faults.push(...(await security.leave()));

const auditor = await person('auditor');
await auditor.look(`/case/${id}`, 'case-auditor');
must(!(await auditor.page.locator('main').innerText()).includes(given.id_number), 'the auditor sees the ID number');
must((await auditor.page.locator('[data-test=act-accept]').count()) === 0, 'the auditor is offered to decide');
await auditor.look('/report', 'report');
await auditor.page.locator('[data-test=compare]').click();
await auditor.page.locator('[data-test=compared][role=status]').waitFor();
const pdf = Buffer.from(await auditor.page.evaluate(() => fetch('/v1/report?format=pdf').then(async (got) => [...new Uint8Array(await got.arrayBuffer())])));
must(pdf.subarray(0, 5).toString() === '%PDF-', 'the printed report is no PDF');
if (screens) writeFileSync(`${screens}/report.pdf`, pdf);
await auditor.page.locator('[data-test=rows-handed-over]').click();
await auditor.page.locator('[data-test=rows] a').first().waitFor();
await auditor.judge('report-rows');
await auditor.page.goto(`${url}/#/case/${id}`);
await auditor.page.locator('h1').waitFor();
await auditor.page.getByRole('button', { name: 'English' }).click();
await auditor.judge('case-english');
await auditor.page.getByRole('button', { name: 'Sign out' }).click();
await auditor.page.locator('#totp').waitFor();
faults.push(...(await auditor.leave()));

await browser.close();
if (faults.length) {
  console.error(faults.join('\n'));
  process.exit(1);
}
