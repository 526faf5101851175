import type { Page } from '../../router';

export default [
  { path: '/making', name: 'making', roles: ['personaliser', 'system-admin'], title: { zh: '制证', en: 'Making' }, group: 'make', order: 400, component: () => import('./MakingPage.vue') },
] satisfies Page[];
