import { BUREAU } from '../../session';

export interface Card {
  id: number;
  application: number;
  number: string;
  kind: number;
  area: string;
  phase: string;
  phase_zh: string;
  phase_en: string;
  status: string;
  valid_from: string;
  valid_to: string;
  made_at: number;
  handed_over_at: number;
  ended_at: number;
  lift_at: number;
  ground: string;
  log_index: number;
}

const COUNTER = ['township', 'county-centre'];

export interface CardAct {
  event: string;
  zh: string;
  en: string;
  phases: string[];
  roles: string[];
  ground: boolean; // must be given
  final?: boolean; // nothing brings the card back
}

const WAY = ['made', 'in-transit', 'delivered'];
const HOLDER = ['handed-over', 'temporary-loss', 'suspended'];

/** As host/issue/card_table.c has it; the daemon judges again. */
export const cardActs: CardAct[] = [
  { event: 'send', zh: '寄出', en: 'Send', phases: ['made'], roles: [...COUNTER, 'personaliser'], ground: false },
  { event: 'receive', zh: '签收', en: 'Receive', phases: ['in-transit'], roles: COUNTER, ground: false },
  { event: 'hand-over', zh: '发放', en: 'Hand over', phases: ['made', 'delivered'], roles: COUNTER, ground: false },
  { event: 'lose-temporary', zh: '临时挂失', en: 'Temporary loss', phases: ['handed-over'], roles: COUNTER, ground: false },
  { event: 'lose-formal', zh: '正式挂失', en: 'Formal loss', phases: HOLDER, roles: COUNTER, ground: false, final: true },
  { event: 'find', zh: '找回', en: 'Found', phases: ['temporary-loss', 'lost'], roles: COUNTER, ground: false },
  { event: 'suspend', zh: '暂停', en: 'Suspend', phases: HOLDER, roles: BUREAU, ground: true },
  { event: 'resume', zh: '恢复', en: 'Resume', phases: ['suspended'], roles: BUREAU, ground: false },
  { event: 'withdraw', zh: '收回卡片', en: 'Take back', phases: ['made', 'delivered', ...HOLDER, 'replaced', 'cancelled', 'expired'], roles: COUNTER, ground: false, final: true },
  { event: 'revoke', zh: '收回资格', en: 'Revoke', phases: [...WAY, ...HOLDER, 'unresolved'], roles: BUREAU, ground: true, final: true },
  { event: 'cancel', zh: '注销', en: 'Cancel', phases: [...WAY, ...HOLDER, 'lost', 'replaced', 'withdrawn', 'expired', 'unresolved'], roles: BUREAU, ground: true, final: true },
  { event: 'confirm', zh: '确认在持证人手中', en: 'Confirm', phases: ['unresolved'], roles: BUREAU, ground: true },
];

export const cardGrounds: [string, string, string][] = [
  ['holder-dead', '持证人去世', 'holder dead'],
  ['sentenced', '服刑或被羁押', 'serving a sentence'],
  ['rights-deprived', '剥夺政治权利', 'deprived of political rights'],
  ['wrongly-issued', '发证有误', 'issued by mistake'],
  ['misused', '违规使用', 'misused'],
  ['holder-asks', '本人申请', 'the holder asks'],
  ['checked', '经核实', 'checked'],
  ['other', '其他', 'other'],
];

const otherGrounds: Record<string, [string, string]> = {
  'to-holder': ['本人领取', 'to the holder'],
  'to-guardian': ['监护人代领', 'to a guardian'],
  'to-agent': ['代办人代领', 'to an agent'],
  'term-ended': ['期满自动恢复', 'the term ended'],
  expired: ['有效期满', 'expired'],
  renewed: ['换发', 'renewed'],
  'new-card-handed-over': ['新卡已发放', 'the new card was handed over'],
  'replacement-accepted': ['补领已受理', 'the replacement was accepted'],
};

/** A ground in words; one that is not known here as it stands. */
export function groundWords(ground: string): [string, string] {
  const listed = cardGrounds.find(([value]) => value === ground);
  return listed ? [listed[1], listed[2]] : (otherGrounds[ground] ?? [ground, ground]);
}

export function actsFor(phase: string, roles: ReadonlySet<string>): CardAct[] {
  return cardActs.filter((a) => a.phases.includes(phase) && a.roles.some((r) => roles.has(r)));
}
