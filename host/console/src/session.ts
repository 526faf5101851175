import { computed, ref } from 'vue';

export interface Session {
  csrf: string;
  staff: { id: number; login: string; title: string };
  roles: { role: string; area: string }[];
  office: { area: string; name: string };
  training: boolean;
  fresh_until: number;
  version: string;
}

export const session = ref<Session | null>(null);
export const roles = computed(() => new Set((session.value?.roles ?? []).map((r) => r.role)));

export function setSession(to: Session) {
  session.value = to;
}
export function clearSession() {
  session.value = null;
}

/** Any of these roles; an empty list is for everybody. */
export function mayAny(wanted: readonly string[]): boolean {
  return wanted.length === 0 || wanted.some((role) => roles.value.has(role));
}

export const roleNames: Record<string, [string, string]> = {
  village: ['村（社区）站', 'village station'],
  township: ['乡镇（街道）站', 'township station'],
  'county-centre': ['县级服务中心', 'county centre'],
  'county-bureau': ['县级退役军人局', 'county bureau'],
  city: ['市级退役军人局', 'city bureau'],
  province: ['省级退役军人厅', 'province'],
  personaliser: ['制证员', 'personaliser'],
  'stock-keeper': ['库管员', 'stock keeper'],
  'key-custodian': ['密钥保管员', 'key custodian'],
  auditor: ['审计员', 'auditor'],
  'system-admin': ['系统管理员', 'system administrator'],
  'security-admin': ['安全管理员', 'security administrator'],
  'audit-admin': ['审计管理员', 'audit administrator'],
};

export const DESK = ['village', 'township', 'county-centre'];
export const BUREAU = ['county-bureau', 'city', 'province'];
export const CASE = [...DESK, ...BUREAU];
