/* journey.mjs URL INVITATIONS [SCREENS]: an application from the counter to
 * the making queue, each step by another person at a browser. */
import { mkdirSync, readFileSync } from 'node:fs';
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

/* ---- the making, and others who only look ---- */
const maker = await person('maker1', WIDE);
await maker.page.locator('nav.side').getByRole('link', { name: '制证' }).click();
await maker.page.locator('h1').waitFor();
await maker.judge('making');
faults.push(...(await maker.leave()));

const auditor = await person('auditor');
await auditor.look(`/case/${id}`, 'case-auditor');
must(!(await auditor.page.locator('main').innerText()).includes(given.id_number), 'the auditor sees the ID number');
must((await auditor.page.locator('[data-test=act-accept]').count()) === 0, 'the auditor is offered to decide');
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
