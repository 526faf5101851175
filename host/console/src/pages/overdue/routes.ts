import type { Page } from '../../router';
import { CASE } from '../../session';

export default [
  { path: '/overdue', name: 'overdue', roles: [...CASE, 'auditor'], title: { zh: '逾期情况', en: 'Overdue' }, group: 'case', order: 115, component: () => import('./OverduePage.vue') },
] satisfies Page[];
