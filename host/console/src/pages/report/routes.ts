import type { Page } from '../../router';
import { CASE } from '../../session';

export default [
  { path: '/report', name: 'report', roles: [...CASE, 'auditor', 'audit-admin'], title: { zh: '工作报表', en: 'Report' }, group: 'case', order: 130, component: () => import('./ReportPage.vue') },
] satisfies Page[];
