import { describe, expect, it } from 'vitest';
import { actsFor, cardActs } from '../src/pages/cards/card';
import { handOverBody, handOverProblem, strokesText } from '../src/pages/cards/hand_over';
import { checkDigit } from '../src/pages/counter/id_number';
import type { HandOver } from '../src/pages/cards/hand_over';

describe('what may be done with a card', () => {
  it('depends on phase and role', () => {
    const events = (phase: string, ...roles: string[]) => actsFor(phase, new Set(roles)).map((a) => a.event);
    expect(events('delivered', 'township')).toEqual(['hand-over', 'withdraw']);
    expect(events('handed-over', 'county-bureau')).toEqual(['suspend', 'revoke', 'cancel']);
    expect(events('suspended', 'county-bureau')).toEqual(['suspend', 'resume', 'revoke', 'cancel']);
    expect(events('handed-over', 'auditor')).toEqual([]);
    expect(events('cancelled', 'county-bureau')).toEqual([]);
    expect(events('spoiled', 'township', 'county-bureau')).toEqual([]);
  });
  it('asks for a ground wherever a bureau takes something away', () => {
    for (const act of cardActs.filter((a) => ['suspend', 'revoke', 'cancel'].includes(a.event))) expect(act.ground).toBe(true);
  });
});

describe('handing over', () => {
  const holder = '11010519491231002X';
  const agent = '11010519491231003' + checkDigit('11010519491231003');
  it('asks for the ID card and a signature', () => {
    const h: HandOver = { by: 'holder', signed: 'drawn', id_number: '' };
    expect(handOverProblem(h)?.[1]).toContain('ID card');
    h.id_number = holder;
    expect(handOverProblem(h)?.[1]).toContain('sign');
    h.signature = strokesText([
      [
        [1, 2],
        [3, 4],
      ],
      [],
      [[5.4, -6]],
    ]);
    expect(h.signature).toBe('1,2 3,4;5,0');
    expect(handOverProblem(h)).not.toBeNull(); // a dot is no signature
    h.signed = 'paper';
    expect(handOverProblem(h)).toBeNull();
    expect(handOverBody(h)).toEqual({ by: 'holder', signed: 'paper', id_number: holder });
  });
  it('asks who the agent is', () => {
    const h: HandOver = { by: 'agent', signed: 'paper', id_number: holder, name: ' ' };
    expect(handOverProblem(h)?.[1]).toContain('Name');
    h.name = '代领';
    expect(handOverProblem(h)?.[1]).toContain('agent');
    h.collector_id = agent.toLowerCase();
    expect(handOverProblem(h)).toBeNull();
    expect(handOverBody(h)).toMatchObject({ name: '代领', collector_id: agent });
  });
});
