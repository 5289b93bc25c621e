import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type en from '../../../resources/i18n/en.json';
import type { Language } from './preferences.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof en };
  }
}

const texts: Readonly<Record<Language, () => Promise<{ readonly default: object }>>> = {
  en: () => import('../../../resources/i18n/en.json'),
  ar: () => import('../../../resources/i18n/ar.json'),
};

/** Loads only the language in use; the other one comes when it is chosen. */
export async function createTranslations(language: Language): Promise<i18n> {
  const instance = createInstance();
  await instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation: (await texts[language]()).default } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  return instance;
}

export async function changeLanguage(instance: i18n, language: Language): Promise<void> {
  if (!instance.hasResourceBundle(language, 'translation')) {
    instance.addResourceBundle(language, 'translation', (await texts[language]()).default);
  }
  await instance.changeLanguage(language);
}
