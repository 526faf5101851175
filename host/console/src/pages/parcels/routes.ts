import type { Page } from '../../router';
import { CASE } from '../../session';

const readers = [...CASE, 'auditor', 'personaliser'];
export default [
  { path: '/parcels', name: 'parcels', roles: readers, title: { zh: '卡片包裹', en: 'Parcels' }, group: 'card', order: 210, component: () => import('./ParcelsPage.vue') },
  { path: '/parcels/:id', name: 'parcel', roles: readers, title: { zh: '一个包裹', en: 'Parcel' }, group: '', order: 211, component: () => import('./ParcelPage.vue') },
] satisfies Page[];
