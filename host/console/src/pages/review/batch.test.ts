import { expect, test } from 'vitest';
import { stillToLookAt } from './batch';
import type { Batch } from './batch';
import { labelOf, returnedOf, returnGrounds } from './case';

const one = (application: number, sampled: boolean, confirmed_at: number) => ({ application, step: 1, sampled, confirmed_at, outcome: 'waits' as const, refusal: '' });

test('counts what of the sample is still to be looked at', () => {
  const batch: Batch = { id: 1, at: 0, state: 'drawn', cases: [one(1, true, 0), one(2, true, 9), one(3, false, 0)] };
  expect(stillToLookAt(batch)).toBe(1);
});

test('reads what a case was returned for', () => {
  expect(returnedOf('photo:photo-unfit,kind')).toEqual([
    { field: 'photo', ground: 'photo-unfit' },
    { field: 'kind', ground: '' },
  ]);
  expect(returnedOf('')).toEqual([]);
  expect(labelOf(returnGrounds, 'photo-unfit')[0]).toBe('照片不符合要求');
  expect(labelOf(returnGrounds, 'other-word')).toEqual(['other-word', 'other-word']);
});
