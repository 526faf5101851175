import { describe, expect, it } from 'vitest';
import { destinations, goesTo, receiptFault } from '../src/pages/parcels/parcel';
import type { ParcelCard } from '../src/pages/parcels/parcel';

const card = (delivery_area: string) => ({ id: 1, delivery_area }) as ParcelCard;

describe('parcels', () => {
  const cards = [card('320106002'), card('320106001'), card('320107'), card('320106001')];
  it('offer the places where their cards are collected, stations first', () => {
    expect(destinations(cards, false)).toEqual(['320106001', '320106002', '320107']);
    expect(destinations(cards, true)).toEqual(['320106', '320107']);
    expect(destinations([], false)).toEqual([]);
  });
  it('take what is collected there or below', () => {
    expect(cards.filter((c) => goesTo(c, '320106'))).toHaveLength(3);
    expect(cards.filter((c) => goesTo(c, '320106002'))).toHaveLength(1);
  });
  it('are signed for when count and list agree', () => {
    expect(receiptFault(3, 0, 3, '')).toBeNull();
    expect(receiptFault(3, 0, 2, 'other')?.[1]).toMatch(/count again/);
    expect(receiptFault(3, 1, 2, '')?.[1]).toMatch(/ground/);
    expect(receiptFault(3, 1, 2, 'other')).toBeNull();
    expect(receiptFault(3, 0, 4, '')?.[1]).toMatch(/ground/);
  });
});
