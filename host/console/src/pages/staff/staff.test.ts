import { describe, expect, it } from 'vitest';
import { actsOf, inGroups, rightText, standingOf, threeAdmins } from './staff';
import type { Member } from './staff';

const NOW = 1000;

function member(over: Partial<Member> = {}): Member {
  return { id: 1, login: 'one', title: '生成', active: true, roles: [], ready: false, failures: 0, locked_until: 0, invite_until: 0, ...over };
}

describe('the three administrators', () => {
  it('are told with who is missing, and without who has left', () => {
    const three = threeAdmins([
      member({ login: 'sys', roles: [{ role: 'system-admin', area: '320106' }] }),
      member({ login: 'gone', active: false, roles: [{ role: 'audit-admin', area: '320106' }] }),
    ]);
    expect(three.map((a) => [a.role, a.held.map((m) => m.login)])).toEqual([
      ['system-admin', ['sys']],
      ['security-admin', []],
      ['audit-admin', []],
    ]);
  });
});

describe('how a member stands', () => {
  it('says the worst first', () => {
    expect(standingOf(member({ active: false, locked_until: NOW + 1 }), NOW)[1]).toBe('dismissed');
    expect(standingOf(member({ ready: true, locked_until: NOW + 1 }), NOW)[1]).toBe('locked');
    expect(standingOf(member({ ready: true, locked_until: NOW }), NOW)[1]).toBe('can sign in');
    expect(standingOf(member({ invite_until: NOW + 1 }), NOW)[1]).toBe('invited');
    expect(standingOf(member({ invite_until: NOW }), NOW)[1]).toBe('not invited');
  });
});

describe('what may be done', () => {
  it('is nothing to oneself or to who has left', () => {
    expect(actsOf(member(), 'one', NOW)).toEqual([]);
    expect(actsOf(member({ active: false }), 'other', NOW)).toEqual([]);
  });
  it('unlocks only who has failed, and revokes only what is held', () => {
    expect(actsOf(member(), 'other', NOW)).toEqual(['grant', 'invite', 'dismiss']);
    expect(actsOf(member({ failures: 2, roles: [{ role: 'city', area: '320100' }] }), 'other', NOW)).toEqual(['grant', 'revoke', 'invite', 'unlock', 'dismiss']);
  });
});

describe('words', () => {
  it('names a right with its area, and the country', () => {
    expect(rightText({ role: 'township', area: '320106001' })[1]).toBe('township station 320106001');
    expect(rightText({ role: 'security-admin', area: '00' })[0]).toBe('安全管理员（全国）');
  });
  it('puts a code in groups of four', () => {
    expect(inGroups('ABCDEFGHJKLMNPQR')).toBe('ABCD-EFGH-JKLM-NPQR');
  });
});
