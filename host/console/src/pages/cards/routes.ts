import type { Page } from '../../router';
import { CASE } from '../../session';

const readers = [...CASE, 'auditor', 'personaliser'];
export default [
  { path: '/cards', name: 'cards', roles: readers, title: { zh: '卡片', en: 'Cards' }, group: 'card', order: 200, component: () => import('./CardList.vue') },
  { path: '/cards/:id', name: 'card', roles: readers, title: { zh: '一张卡', en: 'Card' }, group: '', order: 201, component: () => import('./CardPage.vue') },
] satisfies Page[];
