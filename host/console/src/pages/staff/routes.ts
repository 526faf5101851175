import type { Page } from '../../router';

const readers = ['security-admin', 'system-admin', 'audit-admin', 'auditor'];
export default [
  { path: '/staff', name: 'staff', roles: readers, title: { zh: '人员与权限', en: 'Staff and rights' }, group: 'admin', order: 900, component: () => import('./StaffPage.vue') },
] satisfies Page[];
