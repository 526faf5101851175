import { ref } from 'vue';

export type Language = 'zh' | 'en';

const KEY = 'hufu-language';
export const language = ref<Language>(localStorage.getItem(KEY) === 'en' ? 'en' : 'zh');

export function setLanguage(to: Language) {
  language.value = to;
  localStorage.setItem(KEY, to);
  document.documentElement.lang = to === 'zh' ? 'zh-CN' : 'en';
}

/** Chinese first; English when it was chosen. */
export function t(zh: string, en: string): string {
  return language.value === 'zh' ? zh : en;
}

/** Seconds since 1970 as date and minute in China, "" for 0. */
export function when(seconds: number): string {
  if (!seconds) return '';
  return new Date((seconds + 8 * 3600) * 1000).toISOString().slice(0, 16).replace('T', ' ');
}

export function day(seconds: number): string {
  return when(seconds).slice(0, 10);
}
