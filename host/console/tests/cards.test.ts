import { describe, expect, it } from 'vitest';
import { actsFor, cardActs } from '../src/pages/cards/card';

describe('what may be done with a card', () => {
  it('depends on phase and role', () => {
    const events = (phase: string, ...roles: string[]) => actsFor(phase, new Set(roles)).map((a) => a.event);
    expect(events('delivered', 'township')).toEqual(['hand-over', 'withdraw']);
    expect(events('handed-over', 'county-bureau')).toEqual(['suspend', 'revoke', 'cancel']);
    expect(events('handed-over', 'auditor')).toEqual([]);
    expect(events('cancelled', 'county-bureau')).toEqual([]);
    expect(events('spoiled', 'township', 'county-bureau')).toEqual([]);
  });
  it('asks for a ground wherever a bureau takes something away', () => {
    for (const act of cardActs.filter((a) => ['suspend', 'revoke', 'cancel'].includes(a.event))) expect(act.ground).toBe(true);
  });
});
