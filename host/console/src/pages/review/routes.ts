import type { Page } from '../../router';
import { CASE } from '../../session';

const readers = [...CASE, 'auditor'];
export default [
  { path: '/work', name: 'work', roles: readers, title: { zh: '待办与查询', en: 'Work list' }, group: 'case', order: 110, component: () => import('./WorkList.vue') },
  { path: '/case/:id', name: 'case', roles: readers, title: { zh: '一档一卡一日志', en: 'Case' }, group: '', order: 111, component: () => import('./CasePage.vue') },
  { path: '/batch/:id', name: 'batch', roles: CASE, title: { zh: '批量通过', en: 'Accept together' }, group: '', order: 112, component: () => import('./BatchPage.vue') },
] satisfies Page[];
