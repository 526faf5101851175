import { roleNames } from '../../session';

export interface Right {
  role: string;
  area: string;
}
export interface Member {
  id: number;
  login: string;
  title: string;
  active: boolean;
  roles: Right[];
  ready: boolean;
  failures: number;
  locked_until: number;
  invite_until: number;
}

export type Act = 'grant' | 'revoke' | 'invite' | 'unlock' | 'dismiss';

/** A page of the list has this many; a shorter one is the last. */
export const PAGE = 100;

/** System, security and audit administrator: three people. */
export const ADMINS = ['system-admin', 'security-admin', 'audit-admin'];

/** Who holds each of the three; an empty list is somebody missing. */
export function threeAdmins(members: Member[]): { role: string; held: Member[] }[] {
  return ADMINS.map((role) => ({ role, held: members.filter((m) => m.active && m.roles.some((r) => r.role === role)) }));
}

export type Standing = [zh: string, en: string, type: 'success' | 'warning' | 'danger' | 'info'];

/** How a member stands with signing in; `now` in seconds. */
export function standingOf(m: Member, now: number): Standing {
  if (!m.active) return ['已离职', 'dismissed', 'info'];
  if (m.locked_until > now) return ['已锁定', 'locked', 'danger'];
  if (m.ready) return ['可登录', 'can sign in', 'success'];
  if (m.invite_until > now) return ['已邀请，待设置', 'invited', 'warning'];
  return ['未邀请', 'not invited', 'info'];
}

/** What a security administrator may do to whom; nobody to himself. */
export function actsOf(m: Member, self: string, now: number): Act[] {
  if (!m.active || m.login === self) return [];
  const acts: Act[] = ['grant'];
  if (m.roles.length > 0) acts.push('revoke');
  acts.push('invite');
  if (m.locked_until > now || m.failures > 0) acts.push('unlock');
  acts.push('dismiss');
  return acts;
}

export function rightText(r: Right): [string, string] {
  const [zh, en] = roleNames[r.role] ?? [r.role, r.role];
  return r.area === '00' ? [`${zh}（全国）`, `${en} (whole country)`] : [`${zh} ${r.area}`, `${en} ${r.area}`];
}

/** The code of an invitation in groups that can be read out. */
export function inGroups(code: string): string {
  return (code.match(/.{1,4}/g) ?? []).join('-');
}
