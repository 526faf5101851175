export default [
  {
    path: '/making',
    name: 'making',
    roles: ['personaliser', 'system-admin'],
    title: { zh: '制证', en: 'Making' },
    group: 'make',
    order: 10,
    component: () => import('./MakingPage.vue'),
  },
];
