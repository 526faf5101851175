import { createRouter, createWebHashHistory } from 'vue-router';
import type { Component } from 'vue';
import { api, setSessionOver } from './api';
import { mayAny, session, setSession } from './session';
import type { Session } from './session';

export interface Page {
  path: string;
  name: string;
  roles: string[]; // any of them; empty: everybody who is signed in
  title: { zh: string; en: string };
  group: string; // '' stays out of the menu
  order: number;
  component: () => Promise<{ default: Component }>;
}

const found = import.meta.glob<{ default: Page[] }>('./pages/*/routes.ts', { eager: true });
export const pages: Page[] = Object.values(found)
  .flatMap((m) => m.default)
  .sort((a, b) => a.order - b.order);

export const menu = () => pages.filter((p) => p.group && mayAny(p.roles));

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/sign-in', name: 'sign-in', component: () => import('./pages/login/SignIn.vue') },
    { path: '/first', name: 'first', component: () => import('./pages/login/FirstTime.vue') },
    ...pages.map((p) => ({ path: p.path, name: p.name, component: p.component, meta: { page: p } })),
    { path: '/', name: 'home', component: () => import('./pages/login/HomePage.vue') },
    { path: '/:rest(.*)', redirect: '/' },
  ],
});

const OPEN = new Set(['sign-in', 'first']);
let looked = false;

router.beforeEach(async (to) => {
  if (!looked) {
    looked = true;
    try {
      setSession(await api.get<Session>('/v1/session'));
    } catch {
      /* nobody is signed in: the sign-in page says what is needed */
    }
  }
  if (OPEN.has(String(to.name))) return true;
  if (!session.value) return { name: 'sign-in', query: { to: to.fullPath } };
  const page = to.meta['page'] as Page | undefined;
  return !page || mayAny(page.roles) ? true : { name: 'home' };
});

setSessionOver(() => {
  void router.push({ name: 'sign-in', query: { to: router.currentRoute.value.fullPath } });
});
