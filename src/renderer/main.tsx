import './styles/base.css';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '@mantine/spotlight/styles.layer.css';
import './styles/fonts.css';
import './styles/tokens.css';
import { createRoot } from 'react-dom/client';
import type {} from '../shared/desktop-bridge.ts';
import { connectEngine } from './engine/client.ts';
import { createEngine } from './engine/engine-context.tsx';
import { createPreferences } from './i18n/preferences.ts';
import { createTranslations } from './i18n/translations.ts';
import { App } from './shell/app.tsx';
import { addressOfMlflowLink } from './shell/mlflow-address.ts';

const nonce = document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')?.content ?? '';
const preferences = createPreferences(window.localStorage, navigator.languages);
const { language } = preferences.getState();
document.documentElement.lang = language;
document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr';
const address = addressOfMlflowLink(window.location.hash);
if (address !== null) window.history.replaceState(null, '', address);
const translations = await createTranslations(language);
const engine = createEngine(connectEngine(window.location.origin));

createRoot(document.getElementById('root')!).render(
  <App engine={engine} preferences={preferences} translations={translations} styleNonce={nonce} />,
);
