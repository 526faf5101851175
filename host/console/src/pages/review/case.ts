export interface Row {
  id: number;
  kind: number;
  reason: string;
  state: string;
  state_zh: string;
  state_en: string;
  step: number;
  steps: number;
  area: string;
  delivery_area: string;
  entered_at: number;
  due: number;
  days_left?: number;
  due_certain?: boolean;
  last_ground: string;
  last_field: string;
  acting: string;
  habitual: boolean;
}

export interface Case extends Row {
  history: { at: number; by: string; event: string; step: number; ground: string; field: string; note: string; log_index: number }[];
  verdicts: { at: number; stage: number; outcome: string; reasons: string; rule_version: string }[];
  cards: { id: number; number: string; phase_zh: string; phase_en: string; valid_from: string; valid_to: string; made_at: number; handed_over_at: number }[];
  person: { id: number; name: string; id_number: string; sex: number; born?: string; phone?: string; address?: string; residence: string };
}

export interface Label {
  number: number;
  word: string;
  zh: string;
  en: string;
}
export interface Policy {
  version: string;
  kinds: (Label & { materials: string[] })[];
  materials: Label[];
  grounds: Label[];
  steps: (Label & { role: string; working_days: number })[];
}

export const events: Record<string, [string, string]> = {
  applied: ['受理申请', 'applied'],
  accept: ['通过', 'accepted'],
  return: ['退回补正', 'returned'],
  correct: ['已补正', 'corrected'],
  reject: ['不予通过', 'rejected'],
  refer: ['上报', 'referred upward'],
  'opinion-for': ['上级意见：同意', 'opinion for'],
  'opinion-against': ['上级意见：不同意', 'opinion against'],
  withdraw: ['撤回', 'withdrawn'],
};

/** An entry of the log about one person. */
export interface Happening {
  log_index: number;
  at: number;
  event: string;
  ground: string;
  area: string;
  by: string;
  card: string;
  number: number;
}

/** The log's own words. */
export const happenings: Record<string, string> = {
  applied: '申请已受理',
  returned: '退回补正',
  corrected: '已补正',
  referred: '上报',
  decided: '审核',
  rejected: '不予通过',
  reserved: '分配卡号与白卡',
  keyed: '写入密钥',
  signed: '签发数据',
  printed: '卡面已印',
  spoiled: '废卡',
  issued: '制卡完成',
  'parcel sent': '卡片寄出',
  'parcel received': '卡片收到',
  'handed over': '已领卡',
  'temporary loss': '临时挂失',
  'formal loss': '正式挂失',
  found: '卡片找回',
  suspended: '暂停使用',
  resumed: '恢复使用',
  renewed: '换发',
  replaced: '已换新卡',
  withdrawn: '收回',
  cancelled: '注销',
  'bank made': '银行制卡',
  'person changed': '档案变更',
  override: '照片人工放行',
  released: '白卡退回',
  unresolved: '恢复后待核实',
};

/** What may be returned for correction. */
export const fields: [string, string, string][] = [
  ['photo', '照片', 'photo'],
  ['kind', '证件类别', 'kind of card'],
  ['materials', '材料', 'materials'],
  ['other', '其他', 'other'],
];

/** "photo:photo-unfit,kind:kind-wrong": what a case was returned for. */
export function returnedOf(text: string): { field: string; ground: string }[] {
  return text
    .split(',')
    .filter(Boolean)
    .map((item) => {
      const [field = '', ground = ''] = item.split(':');
      return { field, ground };
    });
}

/** Why something is returned. */
export const returnGrounds: [string, string, string][] = [
  ['photo-unfit', '照片不符合要求', 'photo unfit'],
  ['material-missing', '材料不全', 'material missing'],
  ['kind-wrong', '类别不符', 'wrong kind'],
  ['fact-unclear', '事实需核对', 'fact to be checked'],
];

/** The first language pair of that word, or the word itself. */
export function labelOf(list: [string, string, string][], word: string): [string, string] {
  const found = list.find(([value]) => value === word);
  return found ? [found[1], found[2]] : [word, word];
}

/** What may be done with a case in this state. */
export function actsOf(state: string): string[] {
  switch (state) {
    case 'in-review':
      return ['accept', 'return', 'refer', 'reject', 'withdraw'];
    case 'returned':
      return ['correct', 'withdraw'];
    case 'referred':
      return ['opinion-for', 'opinion-against', 'withdraw'];
    default:
      return [];
  }
}

/** "还有 3 个工作日", "逾期 2 个工作日". */
export function dueText(row: Pick<Row, 'due' | 'days_left' | 'due_certain'>): [string, string] {
  if (!row.due || row.days_left === undefined) return ['不限期', 'no limit'];
  const mark: [string, string] = row.due_certain ? ['', ''] : ['（尚无该年节假日安排）', ' (calendar of that year not known)'];
  const n = row.days_left;
  if (n < 0) return [`逾期 ${-n} 个工作日${mark[0]}`, `${-n} working days late${mark[1]}`];
  return [`还有 ${n} 个工作日${mark[0]}`, `${n} working days left${mark[1]}`];
}
