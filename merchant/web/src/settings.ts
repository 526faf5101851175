/* What the shop chose, kept on this device. History is off until asked for. */
import { reactive, watch } from 'vue';
import { language } from './words';
import type { Language } from './words';
import type { Verdict } from './core/core';

export type Theme = 'auto' | 'light' | 'dark';

export interface Visit {
  atS: number;
  verdict: Verdict;
  stale: boolean;
  digits: string;
}

interface Settings {
  language: Language;
  theme: Theme;
  area: string;
  history: boolean;
  visits: Visit[];
}

const KEY = 'hufu-settings';
const VISITS_MAX = 200;

function read(): Settings {
  const fallback: Settings = {
    language: navigator.language.toLowerCase().startsWith('en') ? 'en' : 'zh',
    theme: 'auto',
    area: '',
    history: false,
    visits: [],
  };
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Settings>;
    return { ...fallback, ...kept };
  } catch {
    return fallback;
  }
}

export const settings = reactive<Settings>(read());

watch(
  settings,
  (s) => {
    language.value = s.language;
    document.documentElement.lang = s.language === 'zh' ? 'zh-CN' : 'en';
    try {
      localStorage.setItem(KEY, JSON.stringify(s));
    } catch {
      // a full or forbidden storage: the choice holds for this visit
    }
  },
  { immediate: true },
);

export function remember(visit: Visit): void {
  if (!settings.history) return;
  settings.visits.unshift(visit);
  settings.visits.splice(VISITS_MAX);
}

export function forget(): void {
  settings.visits.splice(0);
}
