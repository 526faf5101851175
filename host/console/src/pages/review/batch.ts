export interface BatchCase {
  application: number;
  step: number;
  sampled: boolean;
  confirmed_at: number;
  outcome: 'waits' | 'accepted' | 'refused';
  refusal: string;
}
export interface Batch {
  id: number;
  at: number;
  state: 'drawn' | 'accepted' | 'dropped';
  cases: BatchCase[];
}

export const BATCH_MAX = 200;

export function stillToLookAt(batch: Batch): number {
  return batch.cases.filter((c) => c.sampled && !c.confirmed_at).length;
}

/** Why a case of a batch did not go through. */
export const refusals: [string, string, string][] = [
  ['application-state', '已由他人办理或撤回', 'dealt with by another, or withdrawn'],
  ['case-moved-on', '已到另一环节', 'at another step now'],
  ['step-accepted', '这一环节已经通过', 'this step is accepted already'],
  ['who-entered-does-not-decide', '录入人不能审核', 'who entered does not decide'],
  ['one-person-one-step', '已办过另一环节', 'you took another step of it'],
  ['role-missing', '没有这一环节的权限', 'this step is not yours'],
];
