import type { Page } from '../../router';
import { CASE } from '../../session';

export default [
  { path: '/stock', name: 'stock', roles: ['stock-keeper', 'personaliser', ...CASE, 'auditor', 'audit-admin'], title: { zh: '空白卡库存', en: 'Blanks' }, group: 'stock', order: 400, component: () => import('./StockPage.vue') },
] satisfies Page[];
