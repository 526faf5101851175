/* All that the page says, Chinese and English, in one place. */
import { computed, ref } from 'vue';
import { Verdict } from './core/core';
import type { Trouble } from './lists/update';

export type Language = 'zh' | 'en';

export const language = ref<Language>('zh');

const zh = {
  title: '优待证查验',
  tabScan: '查验',
  tabBenefits: '优待目录',
  tabSettings: '设置',
  scan: '扫描二维码',
  photo: '选择照片',
  aim: '把卡背二维码放进框内',
  stop: '停止',
  next: '查验下一张',
  compare: '核对本人照片',
  compareWhy: '二维码只证明卡是真的，请看证面照片是不是本人。',
  name: '姓名',
  number: '卡号末四位',
  kind: '种类',
  issuer: '发卡单位',
  expires: '有效期至',
  forever: '未注明',
  here: '本处优待',
  noneHere: '优待目录中没有适用本处的项目。',
  noDirectory: '发卡单位尚未公布优待目录。',
  listAge: '名单日期',
  noList: '没有名单',
  loading: '正在准备……',
  needNetwork: '首次使用请联网，取得名单后即可离线查验。',
  retry: '重试',
  update: '更新名单',
  updated: '名单已更新',
  area: '本店所在区划代码（6 位，可空）',
  areaWrong: '应为 6 位数字，例如 320106。',
  history: '保存查验记录（默认不保存）',
  historyNote: '只存在本机：时间、结果、卡号末四位。',
  clear: '清除记录',
  cleared: '记录已清除',
  noHistory: '没有记录',
  theme: '外观',
  auto: '跟随系统',
  light: '浅色',
  dark: '深色',
  languageName: '语言 Language',
  privacy: '查验在本机完成，不上传任何内容。',
  noCamera: '不能使用摄像头：请在浏览器设置中允许，或选择照片。',
  noCode: '照片中没有找到二维码，请对准、照亮后再拍。',
  badPicture: '这不是能打开的照片，请另选一张。',
  all: '全部种类',
  clockLate: '本机时间不准，已按名单时间判断，请校准时间。',
  others: '其他',
};

type Words = Record<keyof typeof zh, string>;

const en: Words = {
  title: 'Card check',
  tabScan: 'Check',
  tabBenefits: 'Benefits',
  tabSettings: 'Settings',
  scan: 'Scan the QR code',
  photo: 'Choose a photo',
  aim: 'Hold the QR code on the back of the card inside the frame',
  stop: 'Stop',
  next: 'Check the next card',
  compare: 'Compare the photo on the card with the person',
  compareWhy: 'The QR code only proves that the card is genuine.',
  name: 'Name',
  number: 'Last four digits',
  kind: 'Kind',
  issuer: 'Issued by',
  expires: 'Valid until',
  forever: 'not stated',
  here: 'What applies here',
  noneHere: 'The directory has nothing that applies here.',
  noDirectory: 'The issuer has published no directory of benefits yet.',
  listAge: 'Lists of',
  noList: 'no list',
  loading: 'Getting ready…',
  needNetwork: 'Connect once to fetch the lists; after that it works without a network.',
  retry: 'Try again',
  update: 'Update the lists',
  updated: 'The lists are up to date',
  area: "Area code of this shop (6 digits, may be empty)",
  areaWrong: 'Six digits, such as 320106.',
  history: 'Keep a history (off by default)',
  historyNote: 'On this device only: time, verdict, last four digits.',
  clear: 'Clear the history',
  cleared: 'The history is empty now',
  noHistory: 'Nothing kept',
  theme: 'Appearance',
  auto: 'as the system',
  light: 'light',
  dark: 'dark',
  languageName: '语言 Language',
  privacy: 'Checked on this device; nothing is sent anywhere.',
  noCamera: 'The camera cannot be used: allow it in the browser, or choose a photo.',
  noCode: 'No QR code in the photo: hold still, more light, try again.',
  badPicture: 'This is no picture that can be opened; choose another.',
  all: 'All kinds',
  clockLate: "This device's clock is wrong; judged by the lists' time. Set the clock.",
  others: 'other',
};

export const words = computed<Words>(() => (language.value === 'zh' ? zh : en));

/** Shape and colour: never colour alone. */
export type Tone = 'good' | 'bad' | 'look';

export interface Said {
  tone: Tone;
  head: string; // 有效 / 无效 / 需核对
  why: string;
  act: string; // what to do
}

type Row = [Tone, string, string, string, string];

const rows: Record<Verdict, Row> = {
  [Verdict.None]: ['look', '未判断', '请再扫一次。', 'No verdict', 'Scan again.'],
  [Verdict.Valid]: ['good', '卡真实、现行有效', '', 'Genuine and current', ''],
  [Verdict.Suspended]: ['bad', '已暂停使用或未领取', '请持卡人联系退役军人服务站。', 'Suspended, or not handed over yet', 'Ask the holder to see the service station.'],
  [Verdict.Revoked]: ['bad', '已挂失或作废', '不能使用；请持卡人联系退役军人服务站。', 'Lost or void', 'Not to be used; the holder should see the service station.'],
  [Verdict.Expired]: ['bad', '已过有效期', '请持卡人换领新卡。', 'Expired', 'The holder should renew it.'],
  [Verdict.NotYetValid]: ['bad', '尚未到生效日期', '请核对本机日期。', 'Not valid yet', "Check this device's date."],
  [Verdict.UnknownIssuer]: ['look', '不认识的发卡单位', '请更新名单后再扫。', 'Unknown issuer', 'Update the lists and scan again.'],
  [Verdict.WrongSignature]: ['bad', '签名不符，可能是伪造', '不能使用。', 'Wrong signature: may be forged', 'Not to be used.'],
  [Verdict.NotCredential]: ['look', '这不是优待证的二维码', '请扫卡背的二维码。', 'Not the QR code of a card', 'Scan the one on the back of the card.'],
  [Verdict.Malformed]: ['bad', '二维码内容损坏', '请再扫一次；仍不行则不能使用。', 'The code is damaged', 'Scan again; if it stays so, do not accept it.'],
  [Verdict.Unsupported]: ['look', '不支持的格式', '请更新本页后再扫。', 'A format not supported', 'Update this page and scan again.'],
};

const heads: Record<Tone, [string, string]> = {
  good: ['有效', 'Valid'],
  bad: ['无效', 'Not valid'],
  look: ['需核对', 'Check again'],
};

export function say(verdict: Verdict, stale: boolean, trustExpired: boolean): Said {
  const pick = language.value === 'zh' ? 0 : 1;
  const [tone, zhWhy, zhAct, enWhy, enAct] = rows[verdict];
  if (verdict === Verdict.Valid && stale)
    return {
      tone: 'look',
      head: heads.look[pick],
      why: pick === 0 ? '卡真实，但名单太旧，不知是否挂失' : 'Genuine, but the list is too old to tell whether it was lost',
      act: pick === 0 ? '请联网更新名单。' : 'Connect and update the lists.',
    };
  if (trustExpired && verdict === Verdict.UnknownIssuer)
    return {
      tone: 'look',
      head: heads.look[pick],
      why: pick === 0 ? '本机的信任名单已过期' : "This device's trust list has expired",
      act: pick === 0 ? '请联网更新名单。' : 'Connect and update the lists.',
    };
  return { tone, head: heads[tone][pick], why: pick === 0 ? zhWhy : enWhy, act: pick === 0 ? zhAct : enAct };
}

const troubles: Record<Trouble, [string, string]> = {
  offline: ['取不到名单：请检查网络。', 'The lists cannot be fetched: check the network.'],
  root: ['网站没有给出根公钥，请联系发卡单位。', 'The site gives no root key: tell the issuer.'],
  'root-changed': ['信任名单不是原来的根签发的，已拒绝；请联系发卡单位。', 'The trust list is not of the root that this page knows: refused. Tell the issuer.'],
  trust: ['信任名单验证不通过，已拒绝。', 'The trust list does not verify: refused.'],
  list: ['状态名单验证不通过，已拒绝。', 'A status list does not verify: refused.'],
  rollback: ['网站给出的名单比本机的旧，已拒绝；继续用本机的。', "The site's lists are older than this device's: refused; those in hand stay."],
  memory: ['本机内存不足，请关闭其他页面。', 'Not enough memory: close other pages.'],
};

export function sayTrouble(trouble: Trouble): string {
  return troubles[trouble][language.value === 'zh' ? 0 : 1];
}

const kinds: [string, string][] = [
  ['', ''],
  ['退役军人优待证', "veteran's card"],
  ['三属优待证', 'card for families of the fallen'],
];

export function sayKind(kind: number): string {
  return kinds[kind]?.[language.value === 'zh' ? 0 : 1] ?? String(kind);
}

/** A day in China, whatever this device's zone. */
export function sayDay(seconds: number): string {
  return new Intl.DateTimeFormat(language.value === 'zh' ? 'zh-CN' : 'en-GB', {
    dateStyle: 'long',
    timeZone: 'Asia/Shanghai',
  }).format(seconds * 1000);
}

export function sayAge(seconds: number): string {
  const isZh = language.value === 'zh';
  if (seconds < 0) return words.value.noList;
  if (seconds < 3600) return isZh ? `${Math.max(1, Math.round(seconds / 60))} 分钟前` : `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 172800) return isZh ? `${Math.round(seconds / 3600)} 小时前` : `${Math.round(seconds / 3600)} h ago`;
  return isZh ? `${Math.round(seconds / 86400)} 天前` : `${Math.round(seconds / 86400)} days ago`;
}
