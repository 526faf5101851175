import { expect, test } from 'vitest';
import { byArea } from './overdue';

const late = (area: string, step: number, count: number, days_left: number) => ({ area, name: '', step, count, oldest_due: 1, days_left });

test('adds the steps of an area up, most cases first', () => {
  const areas = byArea([late('320106001', 1, 2, -3), late('320106001', 2, 1, -9), late('320106002', 1, 7, 0)]);
  expect(areas.map((a) => [a.area, a.total, a.worst])).toEqual([
    ['320106002', 7, 0],
    ['320106001', 3, 9],
  ]);
  expect(areas[1]?.bySteps).toEqual({ 1: 2, 2: 1 });
});

test('nothing late is no row', () => {
  expect(byArea([])).toEqual([]);
});
