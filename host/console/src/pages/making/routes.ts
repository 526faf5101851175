export default [
  {
    path: '/making',
    name: 'making',
    roles: ['personaliser', 'system-admin'],
    title: { zh: '制证', en: 'Making' },
    group: 'making',
    order: 10,
    component: () => import('./MakingPage.vue'),
  },
];
