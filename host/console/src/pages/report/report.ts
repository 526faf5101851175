import { t } from '../../words';
import type { Policy } from '../review/case';

export interface Cell {
  figure: string;
  detail: string;
  area: string;
  kind: number;
  records?: number; // absent: only the log can tell
  log: number;
}
export interface Report {
  area: string;
  name: string;
  from: string;
  to: string;
  differences: number;
  log_entries: number;
  cells: Cell[];
  steps: { step: number; acts: number; average_s: number; worst_s: number; overdue: number }[];
}
export interface Total {
  figure: string;
  detail: string;
  records: number | null;
  log: number;
}

const names: Record<string, [string, string]> = {
  applied: ['申请', 'applied'],
  accepted: ['审核通过', 'accepted'],
  returned: ['退回更正', 'returned'],
  rejected: ['不予通过', 'rejected'],
  made: ['制证', 'made'],
  spoiled: ['废证', 'spoiled'],
  'handed-over': ['发放', 'handed over'],
  'temporary-loss': ['临时挂失', 'temporary loss'],
  'formal-loss': ['正式挂失', 'formal loss'],
  found: ['找回', 'found'],
  suspended: ['暂停', 'suspended'],
  resumed: ['恢复', 'resumed'],
  renewed: ['换领', 'renewed'],
  replaced: ['补换', 'replaced'],
  withdrawn: ['收回', 'withdrawn'],
  cancelled: ['注销', 'cancelled'],
};
export const figures = Object.keys(names);
export function figureName(figure: string): string {
  const [zh, en] = names[figure] ?? [figure, figure];
  return t(zh, en);
}

const reasons: Record<string, [string, string]> = {
  incomplete: ['材料不全', 'papers missing'],
  'not-eligible': ['不符合条件', 'not eligible'],
  'withdrawn-by-applicant': ['本人撤回', 'withdrawn by the applicant'],
  '100': ['省级意见', "the province's opinion"],
  photo: ['照片', 'photo'],
};
export function detailName(total: { figure: string; detail: string }, policy: Policy | null): string {
  const step = total.figure === 'accepted' ? policy?.steps.find((s) => String(s.number) === total.detail) : undefined;
  if (step) return t(step.zh, step.en);
  const [zh, en] = reasons[total.detail] ?? [total.detail, total.detail];
  return t(zh, en);
}

/** Cells of all areas and kinds together, in the order of the report. */
export function totals(cells: readonly Cell[]): Total[] {
  const found = new Map<string, Total>();
  for (const cell of cells) {
    const key = `${cell.figure} ${cell.detail}`;
    const total = found.get(key) ?? { figure: cell.figure, detail: cell.detail, records: cell.records === undefined ? null : 0, log: 0 };
    if (total.records !== null) total.records += cell.records ?? 0;
    total.log += cell.log;
    found.set(key, total);
  }
  return [...found.values()];
}

/** One figure by area or kind; what only the log knows from the log. */
export function by(cells: readonly Cell[], figure: string, key: 'area' | 'kind', detail?: string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const cell of cells)
    if (cell.figure === figure && (detail === undefined || cell.detail === detail))
      sums.set(String(cell[key]), (sums.get(String(cell[key])) ?? 0) + (cell.records ?? cell.log));
  return sums;
}
