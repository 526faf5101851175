import { describe, expect, it } from 'vitest';
import { applying, dayInChina, readDirectory } from '../src/benefits';

const bus = { id: 'bus', kinds: [1, 2], area: '320100', classes: [], from: '', to: '', zh: '公交免费', en: 'Free buses' };
const park = { ...bus, id: 'park', kinds: [1], area: '', classes: [8], from: '2026-01-01', to: '2026-12-31' };
const directory = { edition: '2026-11-24', benefits: [bus, park] };

describe('directory of benefits', () => {
  it('is read strictly', () => {
    expect(readDirectory(JSON.stringify(directory))).toEqual(directory);
    for (const bad of ['', 'null', '[]', '{"edition":1}', JSON.stringify({ ...directory, benefits: [{ ...bus, area: 'x' }] }), JSON.stringify({ ...directory, benefits: [{ ...bus, kinds: 'all' }] })])
      expect(readDirectory(bad)).toBeNull();
  });

  it('says what applies to this card at this place on this day', () => {
    const ids = (kind: number, classes: bigint | null, area: string, day: string) => applying(directory, { kind, classes, area, day }).map((b) => b.id);
    expect(ids(0, null, '', '2026-06-01')).toEqual(['bus', 'park']);
    expect(ids(1, 1n << 8n, '320106', '2026-06-01')).toEqual(['bus', 'park']);
    expect(ids(1, 1n << 7n, '320106', '2026-06-01')).toEqual(['bus']);
    expect(ids(2, 1n << 8n, '320106', '2026-06-01')).toEqual(['bus']);
    expect(ids(1, 1n << 8n, '330100', '2026-06-01')).toEqual(['park']);
    expect(ids(1, 1n << 8n, '320106', '2027-01-01')).toEqual(['bus']);
  });

  it('has the day of China', () => {
    expect(dayInChina(Date.UTC(2026, 10, 24, 16) / 1000)).toBe('2026-11-25');
    expect(dayInChina(Date.UTC(2026, 10, 24, 15, 59, 59) / 1000)).toBe('2026-11-24');
  });
});
