import { describe, expect, it } from 'vitest';
import { by, totals } from './report';
import type { Cell } from './report';

const cells: Cell[] = [
  { figure: 'applied', detail: '', area: '320106001', kind: 1, records: 3, log: 3 },
  { figure: 'applied', detail: '', area: '320106002', kind: 2, records: 2, log: 2 },
  { figure: 'accepted', detail: '1', area: '320106001', kind: 1, records: 2, log: 1 },
  { figure: 'accepted', detail: '2', area: '320106001', kind: 1, records: 1, log: 1 },
  { figure: 'found', detail: '', area: '320106001', kind: 1, log: 4 },
];

describe('report', () => {
  it('adds areas and kinds up, details apart', () => {
    expect(totals(cells)).toEqual([
      { figure: 'applied', detail: '', records: 5, log: 5 },
      { figure: 'accepted', detail: '1', records: 2, log: 1 },
      { figure: 'accepted', detail: '2', records: 1, log: 1 },
      { figure: 'found', detail: '', records: null, log: 4 },
    ]);
  });
  it('splits a figure by area and kind', () => {
    expect([...by(cells, 'applied', 'kind')]).toEqual([
      ['1', 3],
      ['2', 2],
    ]);
    expect(by(cells, 'accepted', 'area', '2').get('320106001')).toBe(1);
    expect(by(cells, 'found', 'area').get('320106001')).toBe(4);
  });
});
