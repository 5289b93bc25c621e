import { useTranslation } from 'react-i18next';
import type { ArtifactPreview } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { ScrollRegion } from '../../components/scroll-region.tsx';
import { useQuery } from '../../engine/use-query.ts';
import classes from './artifact-view.module.css';

/** A look into one file of a run. */
export function ArtifactView({ run, path }: { readonly run: string; readonly path: string }) {
  const { t } = useTranslation();
  const preview = useQuery('runs', 'preview', { id: run, path });
  return (
    <section className={classes.view} aria-label={t('runs.preview.title')}>
      <h2 className={classes.title}>
        <Code>{path}</Code>
      </h2>
      <Loaded query={preview}>{(found) => <Content path={path} found={found} />}</Loaded>
    </section>
  );
}

function Content({ path, found }: { readonly path: string; readonly found: ArtifactPreview }) {
  const { t } = useTranslation();
  switch (found.kind) {
    case 'none':
      return <p className={classes.hint}>{t(`runs.preview.${found.reason}`)}</p>;
    case 'image':
      return (
        <div className={classes.picture}>
          <img src={`data:${found.mediaType};base64,${found.base64}`} alt={path} />
        </div>
      );
    case 'text':
      return (
        <>
          {found.truncated ? <p className={classes.hint}>{t('runs.preview.truncated')}</p> : null}
          <ScrollRegion label={path} className={classes.text} dir="ltr">
            <pre>{found.text}</pre>
          </ScrollRegion>
        </>
      );
  }
}
