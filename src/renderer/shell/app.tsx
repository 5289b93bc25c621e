import { DirectionProvider, MantineProvider, useDirection } from '@mantine/core';
import type { i18n } from 'i18next';
import { type ReactNode, useEffect } from 'react';
import { I18nextProvider, useTranslation } from 'react-i18next';
import { type Engine, EngineProvider } from '../engine/engine-context.tsx';
import type { PreferencesStore } from '../i18n/preferences.ts';
import { PreferencesProvider, usePreference } from '../i18n/preferences-context.tsx';
import { changeLanguage } from '../i18n/translations.ts';
import { cssVariables, theme } from '../styles/theme.ts';
import { Gate } from './gate.tsx';
import { useResolvedTheme } from './use-resolved-theme.ts';

export interface AppProps {
  readonly engine: Engine;
  readonly preferences: PreferencesStore;
  readonly translations: i18n;
  readonly styleNonce: string;
}

export function App({ engine, preferences, translations, styleNonce }: AppProps) {
  return (
    <PreferencesProvider store={preferences}>
      <I18nextProvider i18n={translations}>
        <EngineProvider engine={engine}>
          <Themed styleNonce={styleNonce}>
            <Gate />
          </Themed>
        </EngineProvider>
      </I18nextProvider>
    </PreferencesProvider>
  );
}

function Themed({ styleNonce, children }: { readonly styleNonce: string; readonly children: ReactNode }) {
  const resolved = useResolvedTheme();
  return (
    <DirectionProvider>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        forceColorScheme={resolved}
        getStyleNonce={() => styleNonce}
      >
        <Appearance />
        {children}
      </MantineProvider>
    </DirectionProvider>
  );
}

/** Carries language, direction and density to the document, and to the window's menus where there is a window. */
function Appearance() {
  const { i18n: translations } = useTranslation();
  const { setDirection } = useDirection();
  const language = usePreference('language');
  const preferredTheme = usePreference('theme');
  const density = usePreference('density');
  useEffect(() => {
    let current = true;
    void changeLanguage(translations, language).then(() => {
      if (!current) return;
      document.documentElement.lang = language;
      setDirection(language === 'ar' ? 'rtl' : 'ltr');
    });
    return () => {
      current = false;
    };
  }, [translations, language, setDirection]);
  useEffect(() => {
    document.documentElement.dataset['density'] = density;
  }, [density]);
  useEffect(() => {
    void window.falajDesktop?.setAppearance({ language, theme: preferredTheme });
  }, [language, preferredTheme]);
  return null;
}
