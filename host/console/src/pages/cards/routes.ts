import type { Page } from '../../router';
import { BUREAU, CASE } from '../../session';

const readers = [...CASE, 'auditor', 'personaliser'];
export default [
  { path: '/cards', name: 'cards', roles: readers, title: { zh: '卡片', en: 'Cards' }, group: 'card', order: 200, component: () => import('./CardList.vue') },
  { path: '/cards/:id', name: 'card', roles: readers, title: { zh: '一张卡', en: 'Card' }, group: '', order: 201, component: () => import('./CardPage.vue') },
  { path: '/deaths', name: 'deaths', roles: BUREAU, title: { zh: '死亡名单', en: 'The dead' }, group: 'card', order: 220, component: () => import('./DeathList.vue') },
] satisfies Page[];
