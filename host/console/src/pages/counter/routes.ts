import type { Page } from '../../router';
import { DESK } from '../../session';

export default [
  { path: '/new', name: 'new', roles: DESK, title: { zh: '新申请', en: 'New application' }, group: 'case', order: 100, component: () => import('./NewApplication.vue') },
] satisfies Page[];
